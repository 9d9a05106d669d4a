/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { setMaxListeners } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';

import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { generate } from 'selfsigned';

import { DEFAULT_BEHAVIOUR, type Behaviour } from './behaviour';
import { seededDataset, type Dataset } from './dataset';
import { chosenFault, faultPage } from './faultPage';
import { answerInstead, changesSending, isLostBefore, sendBroken, type Fault } from './faults';
import { openLine } from './line';
import { push, pushBody } from './push';
import { Service } from './service';
import type { Task, TaskOrder } from './tasks/task';
import { encoded, type Answer } from './wire';
import { HOUR_MS } from '../support/times';

export type { Behaviour } from './behaviour';
export type { Fault } from './faults';

export const DEMO_CREDENTIAL = { apiKey: 'demo-key', apiSecret: 'demo-secret' };

/** How often it looks for calls that have ended, to push them. */
const PUSH_EVERY_MS = 100;
/** 100,000 numbers with five texts each, or an audio file. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const NO_ANSWER: Answer = { httpStatus: 200, status: '', body: '' };

export interface SimulatorOptions {
	/** Default 0: any free port of 127.0.0.1. */
	port?: number;
	apiKey?: string;
	apiSecret?: string;
	/**
	 * Milliseconds since 1970, default `Date.now`. With `behaviour.clockSkewMs` added it is the service clock,
	 * which decides the timestamp window, the Date header and the two-month limit.
	 */
	now?: () => number;
	/** Default: 1000 seeded calls of the last 31 days, less an hour so that they stay within 31 days for a while. */
	dataset?: Dataset;
	behaviour?: Partial<Behaviour>;
	/** Whether it speaks HTTPS, with a certificate that nobody trusts yet. */
	tls?: boolean;
	/** Whether its address shows a page in a browser that lets every request fail. */
	hasFaultPage?: boolean;
	/** Round-trip time of the line to the service in milliseconds, default 0. */
	rttMs?: number;
}

export interface LoggedRequest {
	method: string;
	path: string;
	headers: FastifyRequest['headers'];
	/** Parsed JSON, or undefined. */
	body: unknown;
	/** Service clock at arrival, milliseconds since 1970. */
	at: number;
	/** The Timestamp header as it came. */
	timestamp: string | undefined;
	/** Status in the envelope of the answer; empty while there is no answer, or when it has no envelope. */
	status: string;
	/** 0 while there is no answer. */
	httpStatus: number;
	/** The fault that this request got. */
	fault?: Fault['kind'];
}

export interface Simulator {
	readonly url: string;
	/** The certificate to trust (PEM); undefined without TLS. */
	readonly certificate: string | undefined;
	/** Every request received, oldest first, unless `behaviour.log` is off. */
	readonly requests: LoggedRequest[];
	/** May be changed or replaced while it runs, like `dataset`. */
	behaviour: Behaviour;
	dataset: Dataset;
	/** Most simultaneous requests since the start or `resetStats()`. */
	readonly peakInFlight: number;
	/** How often each number was called since the start or `resetStats()`. */
	readonly callsPlaced: ReadonlyMap<string, number>;
	/** Ends the calls whose time has come, which every request and every push does as well. */
	endCalls(): void;
	/** The group-call tasks, oldest first. */
	readonly tasks: readonly Task[];
	/** A group-call task that somebody else creates now. */
	addTask(order: Partial<TaskOrder> & Pick<TaskOrder, 'taskName' | 'numbers'>): Task;
	/** The next requests get these faults, one each, whatever they ask but for `onlyAt`. */
	failNext(...faults: Fault[]): void;
	/** Empties the request log, the counters and the queue of faults, and drops ongoing calls and all tasks. Rows and behaviour stay. */
	resetStats(): void;
	/** Closes the port and all open sockets. */
	stop(): Promise<void>;
}

/** Starts the simulated service on 127.0.0.1. Its paths work below any prefix, e.g. `/v3`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const { port = 0, apiKey = DEMO_CREDENTIAL.apiKey, apiSecret = DEMO_CREDENTIAL.apiSecret } = options;
	const now = options.now ?? (() => Date.now());
	const dataset = options.dataset ?? defaultDataset(now());
	const behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
	const service = new Service({ apiKey, apiSecret }, now, behaviour, dataset);

	const requests: LoggedRequest[] = [];
	const faults: Fault[] = [];
	let lastingFault: Fault | undefined;
	let inFlight = 0;
	let peakInFlight = 0;

	const stopping = new AbortController();
	// One for each request that waits.
	setMaxListeners(0, stopping.signal);
	const pause = async (ms: number) => {
		if (ms > 0) await wait(ms, undefined, { signal: stopping.signal });
	};

	function endCalls(): void {
		const records = service.endCalls();
		const { pushUrl } = service.behaviour;
		if (pushUrl === undefined) return;
		// A receiver that is not there misses the push, as with the real service.
		for (const record of records) push(pushUrl, pushBody([record])).catch(() => undefined);
	}
	const pushing = setInterval(endCalls, PUSH_EVERY_MS);
	pushing.unref();

	async function handle(request: FastifyRequest, reply: FastifyReply) {
		peakInFlight = Math.max(peakInFlight, ++inFlight);
		reply.raw.once('close', () => inFlight--);
		const next = faults.findIndex(({ onlyAt = '' }) => request.url.includes(onlyAt));
		const fault = next < 0 ? lastingFault : faults.splice(next, 1)[0];
		const entry = logEntry(request, service.now(), fault);
		if (service.behaviour.log) requests.push(entry);

		await pause(service.behaviour.latencyMs);
		endCalls();
		const trueAnswer = fault && isLostBefore(fault) ? NO_ANSWER : service.answer(request, inFlight);
		const answer = (fault && answerInstead(fault, service.behaviour)) ?? trueAnswer;
		if (fault?.kind === 'slow') await pause(fault.ms);
		if (fault?.kind === 'held') await fault.until;
		Object.assign(entry, { status: answer.status, httpStatus: answer.httpStatus });
		reply.code(answer.httpStatus).headers({
			'content-type': 'application/json;charset=UTF-8',
			date: new Date(service.now()).toUTCString(),
			...answer.headers,
		});
		if (!fault || !changesSending(fault)) return reply.send(encoded(answer.body, reply, service.behaviour));

		reply.hijack();
		await sendBroken(fault, answer.body, reply, pause);
		return reply;
	}

	const identity = options.tls ? await createIdentity() : undefined;
	const app = fastify({
		forceCloseConnections: true,
		bodyLimit: MAX_BODY_BYTES,
		serverFactory: (handler) => (identity ? createHttpsServer(identity, handler) : createHttpServer(handler)),
	});
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) =>
		done(null, parseJson(text.toString())),
	);
	app.all('/*', handle);
	if (options.hasFaultPage) {
		const showPage = (reply: FastifyReply) => reply.type('text/html').send(faultPage(lastingFault));
		app.get('/', (_request, reply) => showPage(reply));
		const form = 'application/x-www-form-urlencoded';
		app.addContentTypeParser(form, { parseAs: 'string' }, (_request, text, done) => done(null, text));
		app.post<{ Body: string }>('/', (request, reply) => {
			lastingFault = chosenFault(request.body);
			return showPage(reply);
		});
	}
	const { rttMs = 0 } = options;
	await app.listen({ port: rttMs > 0 ? 0 : port, host: '127.0.0.1' });
	const { port: servicePort } = app.server.address() as AddressInfo;
	const line = rttMs > 0 ? await openLine({ port, targetPort: servicePort, rttMs }) : undefined;

	return {
		url: `${identity ? 'https' : 'http'}://127.0.0.1:${line?.port ?? servicePort}`,
		certificate: identity?.cert,
		requests,
		get behaviour() {
			return service.behaviour;
		},
		set behaviour(changed) {
			service.behaviour = changed;
		},
		get dataset() {
			return service.dataset;
		},
		set dataset(changed) {
			service.dataset = changed;
		},
		get peakInFlight() {
			return peakInFlight;
		},
		get callsPlaced() {
			return service.callsPlaced;
		},
		endCalls,
		get tasks() {
			return service.tasks.all;
		},
		addTask: (order) => service.tasks.add(order, service.context()),
		failNext(...more) {
			faults.push(...more);
		},
		resetStats() {
			requests.length = 0;
			faults.length = 0;
			peakInFlight = inFlight;
			service.reset();
		},
		async stop() {
			clearInterval(pushing);
			await line?.stop();
			await app.close(); // before the waits end, so that a waiting request sees its connection end and not an answer
			stopping.abort();
		},
	};
}

async function createIdentity(): Promise<{ key: string; cert: string }> {
	const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] }];
	const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], { extensions });
	return { key, cert };
}

function defaultDataset(now: number): Dataset {
	return seededDataset({ count: 1000, from: now - 31 * 24 * HOUR_MS + HOUR_MS, to: now });
}

function logEntry(request: FastifyRequest, at: number, fault?: Fault): LoggedRequest {
	const { method, url, headers, body } = request;
	const timestamp = headers.timestamp?.toString();
	return { method, path: url, headers, body, at, timestamp, status: '', httpStatus: 0, fault: fault?.kind };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
