import fc from 'fast-check';
import { NodeApiError, type INode } from 'n8n-workflow';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { startCheckpoint, type Checkpoint } from '../../../../nodes/Itniotech/triggers/polling/checkpoint';
import { OpenCalls } from '../../../../nodes/Itniotech/triggers/polling/openCalls';
import { outcomeOf } from '../../../../nodes/Itniotech/records/record';
import { catchUp, type CallWatch } from '../../../../nodes/Itniotech/triggers/polling/catchUp';
import type { TimeRange } from '../../../../nodes/Itniotech/records/calendar';
import { wireTime } from '../../../simulator/records';
import { runs } from '../../../support/runs';
import { DAY_S, HOUR_S, NOW_S } from '../../../support/times';

const BUDGET_MS = 45_000;

/** A call that ended in the second in which it was submitted. */
function call(voiceId: number | string, submitS: number, terminationCode: string | null = '486'): WireRecord {
	const time = wireTime(submitS * 1000);
	return {
		voiceId: `${voiceId}`,
		at: submitS,
		submitTime: time,
		callTime: time,
		hangupTime: terminationCode && time,
		terminationCode,
	};
}

const calls = (count: number, fromS: number, toS: number) =>
	Array.from({ length: count }, (_, index) =>
		call(`${fromS} ${index}`, Math.floor(fromS + ((toS - fromS) * index) / count)),
	);

/** A list of calls, and a clock that moves on by `pageMs` for each page of a hundred rows that is read, at least one. */
class Service {
	nowMs = NOW_S * 1000;

	readonly ranges: TimeRange[] = [];

	constructor(
		public rows: WireRecord[] = [],
		public pageMs = 0,
	) {}

	async *read(range: TimeRange): AsyncGenerator<WireRecord[]> {
		this.ranges.push(range);
		const found = this.rows.filter(({ at }) => Number(at) >= range.fromS && Number(at) <= range.toS);
		for (let page = 0; page === 0 || page * 100 < found.length; page++) {
			this.nowMs += this.pageMs;
			yield found.slice(page * 100, (page + 1) * 100).reverse();
		}
	}
}

async function watch(service: Service, before: Checkpoint, changes: Partial<CallWatch> = {}) {
	const nowS = Math.floor(service.nowMs / 1000);
	return await catchUp(
		{
			read: (range) => service.read(range),
			isWanted: () => true,
			hasEvent: (record) => outcomeOf(record) === 'failed',
			lookbackS: HOUR_S,
			earliestS: nowS - 60 * DAY_S,
			nowS,
			budgetMs: BUDGET_MS,
			now: () => service.nowMs,
			...changes,
		},
		before,
	);
}

/** Polls once a minute until all is read, and expects each poll to end within its budget. */
async function watchAll(service: Service, before: Checkpoint, changes: Partial<CallWatch> = {}) {
	const ids: string[] = [];
	let checkpoint = before;
	for (let polls = 1; ; polls++) {
		const startedMs = service.nowMs;
		const result = await watch(service, checkpoint, changes);
		ids.push(...result.matched.map(({ voiceId }) => voiceId));
		checkpoint = result.checkpoint;
		expect(service.nowMs - startedMs).toBeLessThanOrEqual(changes.budgetMs ?? BUDGET_MS);
		if (checkpoint.catchUpStartS === 0) return { ids, checkpoint, polls };
		if (polls > 500) throw new Error('It never reaches the present');
		service.nowMs = Math.max(service.nowMs, startedMs + 60_000);
	}
}

const packed = (calls: Array<[string, number[]]>) => {
	const openCalls = OpenCalls.unpack('')!;
	for (const [voiceId, times] of calls) openCalls.add(voiceId, times);
	return openCalls.pack(Infinity, 0).openCalls;
};
const start = (startS = NOW_S, lookbackS = HOUR_S) => startCheckpoint('hash', startS, lookbackS);
/** The state of a trigger that was started long ago and has been offline since a time. */
const since = (readToS: number, changes: Partial<Checkpoint> = {}): Checkpoint => ({
	...start(readToS),
	startS: NOW_S - 30 * DAY_S,
	readToS,
	...changes,
});

describe('what is read', () => {
	test('goes from the look-back before the start to the present, and no further back than the service holds', async () => {
		const service = new Service();
		const { checkpoint, toS } = await watch(service, start());
		expect(service.ranges[0].fromS).toBe(NOW_S - HOUR_S - 1);
		expect(service.ranges.at(-1)?.toS).toBe(NOW_S);
		expect(toS).toBe(NOW_S);
		expect(checkpoint).toMatchObject({
			resumeAtS: NOW_S - HOUR_S,
			rereadFromS: NOW_S - HOUR_S,
			readToS: NOW_S,
			catchUpStartS: 0,
		});

		const late = new Service();
		await watch(late, since(NOW_S - 100 * DAY_S), { earliestS: NOW_S - 60 * DAY_S });
		expect(Math.min(...late.ranges.map(({ fromS }) => fromS))).toBe(NOW_S - 60 * DAY_S);
	});

	test('is cut into slices that meet, oldest first', async () => {
		const service = new Service();
		await watch(service, since(NOW_S - 5 * DAY_S));
		expect(service.ranges.length).toBeGreaterThan(2);
		service.ranges.slice(1).forEach(({ fromS }, index) => {
			expect(fromS).toBe(service.ranges[index].toS - 1);
		});
		expect(Math.max(...service.ranges.map(({ fromS, toS }) => toS - fromS))).toBeLessThanOrEqual(DAY_S + 1);
	});

	test.each([
		['with a longer look-back', 24 * HOUR_S, 60],
		['with a clock that was set back', HOUR_S, -2 * HOUR_S],
	])('never reads what was forgotten: %s', async (_case, lookbackS, laterS) => {
		const service = new Service();
		const { checkpoint } = await watch(service, since(NOW_S - DAY_S));
		service.nowMs += laterS * 1000;
		service.ranges.length = 0;
		let next = checkpoint;
		for (let polls = 0; polls < 3; polls++) next = (await watch(service, next, { lookbackS })).checkpoint;
		expect(next.resumeAtS).toBe(NOW_S - HOUR_S);
		expect(service.ranges.filter(({ fromS }) => fromS < NOW_S - HOUR_S - 1)).toEqual([]);
	});

	test('does not change the checkpoint, even if reading throws', async () => {
		const before = since(NOW_S - 2 * HOUR_S, { openCalls: packed([['1', [NOW_S - DAY_S, NOW_S - DAY_S]]]) });
		const text = JSON.stringify(before);
		const service = new Service([call('1', NOW_S - DAY_S), call('2', NOW_S - 60)]);
		await watch(service, before);
		async function* broken(): AsyncGenerator<WireRecord[]> {
			yield service.rows;
			throw new Error('refused');
		}
		await expect(watch(service, before, { read: broken })).rejects.toThrow('refused');
		expect(JSON.stringify(before)).toBe(text);
	});
});

describe('a budget', () => {
	test('is respected, and each poll makes progress, whatever the calls and the service are like', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3000 })), {
					maxLength: 6,
				}),
				fc.constantFrom(0, 50, 300),
				fc.constantFrom(45_000, 20_000),
				fc.constantFrom(60, HOUR_S, DAY_S),
				async (hours, pageMs, budgetMs, sliceS) => {
					const fromS = NOW_S - DAY_S;
					const rows = hours.flatMap(([hour, count]) =>
						calls(count, fromS + hour * HOUR_S, fromS + (hour + 1) * HOUR_S).map((one, index) => ({
							...one,
							voiceId: `${hour} ${count} ${index}`,
						})),
					);
					const service = new Service(rows, pageMs);
					const { ids } = await watchAll(service, since(fromS, { sliceS }), { budgetMs });
					expect(ids.length).toBe(new Set(rows.map(({ voiceId }) => voiceId)).size);
					expect(new Set(ids).size).toBe(ids.length);
				},
			),
			{ numRuns: 25 },
		);
	});

	test('holds for a busy day after quiet ones, even though the slices have grown', async () => {
		const count = runs(120_000);
		const rows = calls(count, NOW_S - DAY_S, NOW_S);
		const service = new Service(rows, 80);
		const { ids, polls } = await watchAll(service, since(NOW_S - 3 * DAY_S, { sliceS: DAY_S }));
		expect(ids.length).toBe(count);
		expect(new Set(ids).size).toBe(count);
		expect(polls).toBeLessThan(20);
		const isRestarted = ({ fromS }: TimeRange, index: number) => service.ranges[index - 1]?.fromS === fromS;
		expect(service.ranges.filter(isRestarted).length).toBeLessThanOrEqual(polls + 2);
	});

	test('does not shorten slices when it is the single request that takes long', async () => {
		const service = new Service(calls(20, NOW_S - 3 * DAY_S, NOW_S), 9_000);
		const { ids, polls } = await watchAll(service, since(NOW_S - 3 * DAY_S));
		expect(ids).toHaveLength(20);
		expect(polls).toBeLessThan(6);
	});

	test('leaves time for at least one slice when open calls take all of it', async () => {
		const openCalls = Array.from({ length: 50 }, (_, index): [string, number[]] => {
			const time = NOW_S - 2 * DAY_S + index * 1000;
			return [`${index}`, [time, time]];
		});
		const service = new Service([], 30_000);
		const before = since(NOW_S - HOUR_S, { openCalls: packed(openCalls) });
		const { checkpoint } = await watch(service, before);
		expect(checkpoint.resumeAtS).toBeGreaterThan(before.resumeAtS);
		expect(checkpoint.openCalls).toHaveLength(50 * 16);
	});

	test('that is too short for the look-back lets the next poll continue, up to the present', async () => {
		const lookbackS = DAY_S;
		const service = new Service(calls(runs(50_000), NOW_S - DAY_S, NOW_S), 80);
		let checkpoint = since(NOW_S, { resumeAtS: NOW_S - DAY_S, rereadFromS: NOW_S - DAY_S });
		const reached: number[] = [];
		const ids: string[] = [];
		for (let polls = 0; polls < 10; polls++) {
			// Listed right after its time was read, and as old as the look-back before the catch-up is complete.
			if (polls === 1) service.rows.push(call('late', NOW_S - DAY_S + 60), call('new', NOW_S + 30));
			const result = await watch(service, checkpoint, { lookbackS });
			checkpoint = result.checkpoint;
			reached.push(result.toS - Math.floor(service.nowMs / 1000));
			ids.push(...result.matched.map(({ voiceId }) => voiceId));
			expect(checkpoint.rereadFromS).toBeLessThanOrEqual(checkpoint.resumeAtS);
			service.nowMs += 60_000;
		}
		expect(reached.filter((behindS) => behindS > -60).length).toBeGreaterThanOrEqual(2);
		expect(ids).toEqual(expect.arrayContaining(['late', 'new']));
		expect(new Set(ids).size).toBe(ids.length);
	});

	test('is not the only limit of a poll: about 20,000 calls are enough', async () => {
		const service = new Service(calls(60_000, NOW_S - 10 * HOUR_S, NOW_S));
		const before = since(NOW_S - 10 * HOUR_S, { sliceS: 60 });
		const { matched, checkpoint } = await watch(service, before, {});
		expect(matched.length).toBeGreaterThanOrEqual(20_000);
		expect(matched.length).toBeLessThan(50_000);
		expect(checkpoint.catchUpStartS).toBe(NOW_S);
		expect(checkpoint.resumeAtS).toBeLessThan(NOW_S - HOUR_S);
	});
});

describe('open calls', () => {
	test('are each looked up within a few polls when one poll has no time for all', async () => {
		const openCalls = Array.from({ length: 12 }, (_, index): [string, number[]] => {
			const time = NOW_S - 2 * DAY_S + index * 1000;
			return [`${index}`, [time, time]];
		});
		for (const [voiceId, [time]] of openCalls) {
			const service = new Service([call(voiceId, time)], 3_000);
			let checkpoint = since(NOW_S - HOUR_S, { openCalls: packed(openCalls) });
			const found: string[] = [];
			for (let polls = 1; polls <= 40; polls++) {
				// Timers fire some milliseconds late; here always in the same second of the minute.
				service.nowMs = NOW_S * 1000 + polls * 60_000 + ((polls * 37) % 100);
				const result = await watch(service, checkpoint);
				checkpoint = result.checkpoint;
				found.push(...result.matched.map((record) => record.voiceId));
			}
			expect(found).toEqual([voiceId]);
		}
	});

	test('are looked up in some tens of ranges per poll, each in its turn, newest first', async () => {
		const openCalls = Array.from({ length: 100 }, (_, index): [string, number[]] => {
			const time = NOW_S - 2 * HOUR_S - index * 5000;
			return [`${index}`, [time, time]];
		});
		const service = new Service();
		let checkpoint = since(NOW_S, { openCalls: packed(openCalls) });
		const lookedUp: number[] = [];
		const counts: number[] = [];
		for (let polls = 0; polls < 3; polls++) {
			service.ranges.length = 0;
			checkpoint = (await watch(service, checkpoint)).checkpoint;
			const ranges = service.ranges.filter(({ toS }) => toS < NOW_S - HOUR_S);
			counts.push(ranges.length);
			lookedUp.push(...ranges.map(({ fromS }) => fromS));
			service.nowMs += 1000;
		}
		expect(counts).toEqual([40, 40, 20]);
		expect(lookedUp).toEqual(openCalls.map(([, [time]]) => time));
		expect(checkpoint).toMatchObject({ revisitedS: NOW_S + 2, revisitBeforeS: 0 });
	});

	test('that are passed in the middle of a catch-up are remembered, even if the look-back is shortened', async () => {
		const time = NOW_S - 20 * HOUR_S;
		const service = new Service([...calls(20_000, NOW_S - DAY_S, NOW_S), call('open', time, null)], 300);
		const begin = since(NOW_S, { resumeAtS: NOW_S - DAY_S, rereadFromS: NOW_S - DAY_S });
		let { checkpoint } = await watch(service, begin, { lookbackS: DAY_S });
		expect(checkpoint.catchUpStartS).toBe(NOW_S);
		expect(checkpoint.resumeAtS).toBeGreaterThan(time);
		({ checkpoint } = await watchAll(service, checkpoint));
		service.rows = [call('open', time)];
		const { matched } = await watch(service, checkpoint);
		expect(matched.map(({ voiceId }) => voiceId)).toEqual(['open']);
	});

	test('are read among others, which are ignored', async () => {
		const time = NOW_S - DAY_S;
		const service = new Service([call('open', time), call('other', time)]);
		const { matched } = await watch(
			service,
			since(NOW_S - HOUR_S, { openCalls: packed([['open', [time, time]]]) }),
		);
		expect(matched.map(({ voiceId }) => voiceId)).toEqual(['open']);
	});
});

describe('a service that is too busy', () => {
	const refusal = (cause: 'rate-limited' | 'credential-invalid') =>
		new NodeApiError({ name: 'Trigger' } as INode, {}, { message: cause, failure: { cause } });
	/** Answers a number of requests, then refuses. */
	const limited = (service: Service, requests: number, error: Error) => ({
		async *read(range: TimeRange) {
			if (service.ranges.length >= requests) throw error;
			yield* service.read(range);
		},
	});

	test('ends the poll with what was read, and the next one reads on', async () => {
		const rows = calls(30, NOW_S - 10 * DAY_S, NOW_S);
		let checkpoint = since(NOW_S - 10 * DAY_S);
		const ids: string[] = [];
		for (let polls = 1; ids.length < rows.length; polls++) {
			const service = new Service(rows);
			service.nowMs += polls * 60_000;
			const result = await watch(service, checkpoint, limited(service, 2, refusal('rate-limited')));
			expect(result.checkpoint.resumeAtS).toBeGreaterThan(checkpoint.resumeAtS);
			if (result.checkpoint.catchUpStartS > 0) expect(result.stoppedBy?.message).toBe('rate-limited');
			checkpoint = result.checkpoint;
			ids.push(...result.matched.map(({ voiceId }) => voiceId));
			expect(polls).toBeLessThan(20);
		}
		expect(ids).toEqual(rows.map(({ voiceId }) => voiceId));
	});

	test.each([
		['before anything was read', 0, refusal('rate-limited')],
		['with a refusal that is not temporary', 2, refusal('credential-invalid')],
		['with another failure', 2, new Error('broken')],
	])('throws %s', async (_case, requests, error) => {
		const service = new Service();
		const before = since(NOW_S - 10 * DAY_S);
		await expect(watch(service, before, limited(service, requests, error))).rejects.toBe(error);
	});
});

describe('the tally', () => {
	test('counts each call once, whatever is read again', async () => {
		const service = new Service([
			call('1', NOW_S + 1),
			call('2', NOW_S + 2, '200'),
			call('3', NOW_S + 3, null),
			call('4', NOW_S + 4, '404'),
		]);
		service.nowMs += 60_000;
		const first = await watch(service, since(NOW_S));
		expect(first.checkpoint.tally).toMatchObject({
			calls: 3,
			failures: 2,
			matches: 2,
			sampleIds: ['1', '4'],
		});
		const second = await watch(service, first.checkpoint);
		expect(second.checkpoint.tally).toEqual(first.checkpoint.tally);
		expect(second.matched).toEqual([]);
	});

	test.each<[string, string, string, object]>([
		['from answered to failed', '200', '503', { calls: 1, failures: 1, matches: 1 }],
		['from one reason to another', '486', '503', { calls: 1, failures: 1, matches: 1 }],
		['from failed to answered', '486', '200', { calls: 1, failures: 1, matches: 1 }],
	])('counts a call that is corrected %s once', async (_case, before, after, expected) => {
		const service = new Service([call('1', NOW_S + 1, before)]);
		service.nowMs += 60_000;
		const first = await watch(service, since(NOW_S));
		service.rows = [call('1', NOW_S + 1, after)];
		service.nowMs += 60_000;
		const second = await watch(service, first.checkpoint);
		expect(second.checkpoint.tally).toMatchObject(expected);
		expect(first.matched.length + second.matched.length).toBe(1);
		service.rows = [call('1', NOW_S + 1, before)];
		const third = await watch(service, second.checkpoint);
		expect(third.checkpoint.tally).toEqual(second.checkpoint.tally);
	});

	test('counts only calls that are wanted', async () => {
		const service = new Service([call('1', NOW_S + 1), call('2', NOW_S + 2), call('3', NOW_S + 3, '200')]);
		service.nowMs += 60_000;
		const wanted = await watch(service, since(NOW_S), {
			isWanted: ({ voiceId }) => voiceId !== '1',
		});
		expect(wanted.checkpoint.tally).toMatchObject({ calls: 2, failures: 1, matches: 1 });
	});

	test('has the newest calls as samples, whatever the order of the list', async () => {
		const service = new Service(calls(30, NOW_S + 1, NOW_S + 31));
		service.nowMs += 60_000;
		const { matched, checkpoint } = await watch(service, since(NOW_S));
		const ids = service.rows.map(({ voiceId }) => voiceId);
		expect(matched.map(({ voiceId }) => voiceId)).toEqual(ids);
		expect(checkpoint.tally.sampleIds).toEqual(ids.slice(-10));
	});
});
