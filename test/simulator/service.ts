import type { FastifyRequest } from 'fastify';

import type { Behaviour } from './behaviour';
import { makeVoiceId, type Dataset, type WireRecord } from './dataset';
import { answerFiles, uploadFile } from './files';
import { Placing, type PlacingContext } from './placing';
import { QuotaCounter } from './quota';
import { answerPage } from './recordGroupQuery';
import { makeRecord } from './records';
import { authenticate, type Account } from './signature';
import { Tasks } from './tasks/tasks';
import { envelopeAnswer, recordJson, type Answer } from './wire';

/** What `GET /sms/getBalance` answers beside the balance, as JSON text. */
const OTHER_AMOUNTS = { gift: '"10.000"', credit: '"0.000"' };

/** The calls of the API below any prefix; what names one of several is in the group. */
const CALLS = [
	{ name: 'list', method: 'POST', path: /\/voice\/recordGroupQuery$/ },
	{ name: 'one', method: 'GET', path: /\/voice\/recordGroup\/([^/]+)$/ },
	{ name: 'files', method: 'POST', path: /\/voice\/fileQuery$/ },
	{ name: 'upload', method: 'POST', path: /\/voice\/fileUpload$/ },
	{ name: 'tasks', method: 'POST', path: /\/voice\/group\/call\/(send|query|resend|cancel|provisional)$/ },
	{ name: 'tasks', method: 'GET', path: /\/voice\/group\/call\/(detail\/[^/]+)$/ },
	{ name: 'sendCode', method: 'POST', path: /\/voice\/sendCode$/ },
	{ name: 'sendGroup', method: 'POST', path: /\/voice\/sendGroup$/ },
	{ name: 'balance', method: 'GET', path: /\/sms\/getBalance$/ },
] as const;

/** What the service answers, apart from faults and from how answers are sent. */
export class Service {
	private pagesAnswered = 0;
	private arrivals = 0;
	private arrivalsBeforeReset = 0;
	private readonly placing = new Placing();
	readonly tasks = new Tasks(this.placing);
	private readonly quotaCounter = new QuotaCounter();

	constructor(
		private readonly account: Account,
		private readonly hostNow: () => number,
		public behaviour: Behaviour,
		public dataset: Dataset,
	) {}

	/** The service clock, milliseconds since 1970. */
	now(): number {
		return this.hostNow() + this.behaviour.clockSkewMs;
	}

	get callsPlaced(): ReadonlyMap<string, number> {
		return this.placing.callsPlaced;
	}

	/** Places and ends the calls whose time has come, and returns the records of those that ended. */
	endCalls(): WireRecord[] {
		this.tasks.advance(this.context());
		return this.placing.endCalls(this.context());
	}

	context(): PlacingContext {
		return { behaviour: this.behaviour, dataset: this.dataset, serviceNow: this.now() };
	}

	/** Starts counting pages, arrivals and calls from 0, without any task. */
	reset(): void {
		this.tasks.reset();
		this.placing.reset();
		this.pagesAnswered = 0;
		this.arrivalsBeforeReset = this.arrivals;
	}

	answer({ method, url, headers, body }: FastifyRequest, inFlight: number): Answer {
		const path = url.split('?')[0];
		const call = CALLS.find((each) => each.method === method && each.path.test(path));
		if (!call) return springError(404, 'Not Found', path, this.now());
		if (method === 'POST' && !headers['content-type']?.startsWith('application/json')) {
			return springError(415, 'Unsupported Media Type', path, this.now());
		}

		const { behaviour } = this;
		const status = authenticate(headers, this.account, this.now(), behaviour);
		if (status !== '0') return envelopeAnswer(behaviour, status);
		if (inFlight > behaviour.maxInFlight) return envelopeAnswer(behaviour, '-15');
		const rejection = this.rejectByQuota();
		if (rejection) return rejection;

		const context = this.context();
		const name = call.path.exec(path)?.[1] ?? '';
		if (call.name === 'tasks') return this.tasks.answer(name, body, context);
		if (call.name === 'sendCode') return this.placing.sendCode(body, context);
		if (call.name === 'sendGroup') return this.placing.sendGroup(body, context);
		if (call.name === 'files') return answerFiles(body, behaviour);
		if (call.name === 'upload') return uploadFile(body, behaviour);
		if (call.name === 'list') return this.answerList(body);
		if (call.name === 'one') return this.answerOne(name);
		return envelopeAnswer(behaviour, '0', { balance: JSON.stringify(behaviour.balance), ...OTHER_AMOUNTS });
	}

	private rejectByQuota(): Answer | undefined {
		const { quota } = this.behaviour;
		const seconds = quota && this.quotaCounter.secondsToWait(quota, this.now());
		if (!quota || seconds === undefined) return undefined;
		const headers: Record<string, string> = quota.hasRetryAfter ? { 'retry-after': String(seconds) } : {};
		if (quota.rejection === '429') return { httpStatus: 429, status: '', body: '', headers };
		return { ...envelopeAnswer(this.behaviour, '-15'), headers };
	}

	private answerList(body: unknown): Answer {
		const { behaviour, dataset } = this;
		const { reshuffleAfterRequests } = behaviour;
		const isReshuffled = reshuffleAfterRequests > 0 && this.pagesAnswered >= reshuffleAfterRequests;
		const { answer, rangeEndMs } = answerPage(body, {
			behaviour,
			dataset,
			serviceNow: this.now(),
			shuffles: isReshuffled ? 1 : 0,
		});
		if (rangeEndMs !== undefined) {
			this.pagesAnswered++;
			this.letCallsArrive(rangeEndMs - 1000);
		}
		return answer;
	}

	private answerOne(voiceId: string): Answer {
		const { behaviour, dataset } = this;
		if (!/^\d+$/.test(voiceId)) return envelopeAnswer(behaviour, '-22');
		const record = dataset.get(voiceId);
		return envelopeAnswer(behaviour, '0', { data: record ? recordJson(record, behaviour) : 'null' });
	}

	private letCallsArrive(submitMs: number): void {
		const { arrivalsPerRequest, arrivalsAtMost } = this.behaviour;
		const arriving = Math.min(arrivalsPerRequest, arrivalsAtMost + this.arrivalsBeforeReset - this.arrivals);
		for (let nth = 0; nth < arriving; nth++) this.dataset.add(newCall(submitMs, this.arrivals++));
	}
}

/** A call that was not in the data set. Its voiceId has 20 digits, so it never meets a seeded one. */
export function newCall(submitMs: number, index: number) {
	const voiceId = makeVoiceId(submitMs, `9${String(index).padStart(7, '0')}`);
	return makeRecord({ voiceId, submitMs, callMs: submitMs + 1000, seed: 2, index });
}

/** What a Spring server says about a path it does not know, without the API's envelope. */
function springError(httpStatus: number, error: string, path: string, now: number): Answer {
	const timestamp = new Date(now).toISOString();
	return { httpStatus, status: '', body: JSON.stringify({ timestamp, status: httpStatus, error, path }) };
}
