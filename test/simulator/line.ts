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
 * connection takes one round trip before the first byte, and TLS takes its own. Loss and a slow start are not simulated.
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
		passOn(near, far, rttMs / 2, rttMs);
		passOn(far, near, rttMs / 2, 0);
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

/** Everything that `from` sends reaches `to` in order, `delayMs` later, and nothing before `openMs` have passed. */
function passOn(from: Socket, to: Socket, delayMs: number, openMs: number): void {
	const openAt = performance.now() + openMs;
	let turn = Promise.resolve();
	const later = (act: () => void) => {
		const dueAt = Math.max(performance.now(), openAt) + delayMs;
		turn = turn.then(async () => {
			const waitMs = dueAt - performance.now();
			if (waitMs > 0) await wait(waitMs);
			act();
		});
	};
	from.on('data', (chunk) => later(() => void (to.writable && to.write(chunk))));
	from.once('end', () => later(() => to.end()));
	from.once('close', () => later(() => to.destroy()));
}
