/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A long line to a local port. */
export interface Line {
	port: number;
	/** Closes the port and all open connections. */
	stop(): Promise<void>;
}

interface LineOptions {
	/** 0: any free port of 127.0.0.1. */
	port: number;
	targetPort: number;
	/** Round-trip time in milliseconds. */
	rttMs: number;
}

/**
 * Opens a port that passes everything on, as late as on a line with this round-trip time. As on a real line, opening a
 * connection takes one round trip before the first byte, and TLS takes its own. The service sends more on a connection only
 * as what it sent before has arrived: TCP's slow start. Loss is not simulated.
 */
export async function openLine({ port, targetPort, rttMs }: LineOptions): Promise<Line> {
	const sockets = new Set<Socket>();
	const server = createServer((near) => {
		const far = connect(targetPort, '127.0.0.1');
		for (const socket of [near, far]) {
			sockets.add(socket.setNoDelay());
			socket.on('error', () => {});
			socket.once('close', () => sockets.delete(socket));
		}
		passOn(near, far, { delayMs: rttMs / 2, openMs: rttMs });
		passOn(far, near, { delayMs: rttMs / 2, openMs: 0, slowStart: new SlowStart(rttMs) });
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		async stop() {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, 'close');
		},
	};
}

/** Source: RFC 6928, ten segments, of as many bytes as fit on Ethernet. */
const FIRST_WINDOW_BYTES = 10 * 1460;

/** What a server may send on a connection before it knows that the line can take it. */
export class SlowStart {
	private windowBytes = FIRST_WINDOW_BYTES;
	private sentBytes = 0;
	private sentAtMs = -Infinity;

	constructor(private readonly rttMs: number) {}

	/** @returns how many of the bytes to send next, and when */
	next(bytes: number, nowMs: number): { count: number; atMs: number } {
		const isFull = this.sentBytes >= this.windowBytes;
		const atMs = isFull ? Math.max(nowMs, this.sentAtMs + this.rttMs) : Math.max(nowMs, this.sentAtMs);
		if (atMs >= this.sentAtMs + this.rttMs) {
			// All of the last round trip was acknowledged.
			this.windowBytes += this.sentBytes;
			this.sentBytes = 0;
			this.sentAtMs = atMs;
		}
		const count = Math.min(bytes, this.windowBytes - this.sentBytes);
		this.sentBytes += count;
		return { count, atMs };
	}
}

interface Passing {
	delayMs: number;
	/** Nothing goes on before. */
	openMs: number;
	slowStart?: SlowStart;
}

/** Everything that `from` sends reaches `to` in order, `delayMs` later. */
function passOn(from: Socket, to: Socket, { delayMs, openMs, slowStart }: Passing): void {
	const openAt = performance.now() + openMs;
	let turn = Promise.resolve();
	const later = (act: () => void, sentAt = 0) => {
		const dueAt = Math.max(performance.now(), openAt, sentAt) + delayMs;
		turn = turn.then(async () => {
			const waitMs = dueAt - performance.now();
			if (waitMs > 0) await wait(waitMs);
			act();
		});
	};
	const write = (chunk: Buffer) => () => void (to.writable && to.write(chunk));
	from.on('data', (chunk: Buffer) => {
		if (!slowStart) return later(write(chunk));
		for (let start = 0; start < chunk.length; ) {
			const { count, atMs } = slowStart.next(chunk.length - start, performance.now());
			later(write(chunk.subarray(start, start + count)), atMs);
			start += count;
		}
	});
	from.once('end', () => later(() => to.end()));
	from.once('close', () => later(() => to.destroy()));
}
