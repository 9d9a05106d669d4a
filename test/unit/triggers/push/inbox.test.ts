import fc from 'fast-check';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import {
	FIRST_THOROUGH_TRY,
	Inbox,
	type Collection,
	type Confirm,
} from '../../../../nodes/Itniotech/triggers/push/inbox';
import { DAY_MS, NOW_MS } from '../../../support/times';

const START_MS = NOW_MS;

/** Time advances only while every task sleeps. */
class Clock {
	ms = START_MS;
	private sleepers: Array<{ untilMs: number; wake(): void }> = [];

	now = () => this.ms;

	sleep = async (ms: number) =>
		await new Promise<void>((wake) => this.sleepers.push({ untilMs: this.ms + ms, wake }));

	/** Sleeps are not measured by the clock. */
	setBack(ms: number): void {
		this.ms -= ms;
		for (const sleeper of this.sleepers) sleeper.untilMs -= ms;
	}

	/** Lets time pass until the promise is settled. */
	async until<T>(promise: Promise<T>): Promise<T> {
		let isOver = false;
		const settled = promise.finally(() => (isOver = true));
		for (;;) {
			for (let turn = 0; turn < 20; turn++) await Promise.resolve();
			if (isOver) return await settled;
			this.sleepers.sort((a, b) => a.untilMs - b.untilMs);
			const next = this.sleepers.shift();
			if (!next) throw new Error('deadlock: no task sleeps');
			this.ms = Math.max(this.ms, next.untilMs);
			next.wake();
		}
	}
}

const calls = (...ids: string[]): WireRecord[] => ids.map((voiceId) => ({ voiceId }));
const idsOf = ({ records }: Collection) => records.map(({ voiceId }) => voiceId);
const all: Confirm = async (records) => ({ records, missing: [], remaining: [] });

/** Has records of these calls, each from a point in time. */
function knows(clock: Clock, sinceMs: Record<string, number>) {
	const tries: string[][] = [];
	const confirm: Confirm = async (asked) => {
		tries.push(asked.map(({ voiceId }) => voiceId));
		await clock.sleep(100);
		const isKnown = ({ voiceId }: WireRecord) => clock.ms >= (sinceMs[voiceId] ?? Infinity);
		return { records: asked.filter(isKnown), missing: asked.filter((one) => !isKnown(one)), remaining: [] };
	};
	return { confirm, tries };
}

let clock: Clock;
let inbox: Inbox;

beforeEach(() => {
	clock = new Clock();
	inbox = new Inbox(clock);
});

const collect = async (confirm: Confirm = all) => await clock.until(inbox.collect(confirm));

test('without calls, collecting ends at once', async () => {
	expect(await inbox.collect(all)).toEqual({
		records: [],
		postponedCount: 0,
		lostCount: 0,
		withheldCount: 0,
	});
	expect(clock.ms).toBe(START_MS);
});

test('a call whose record is listed a few seconds later is output then', async () => {
	const { confirm, tries } = knows(clock, { '1': START_MS + 2500 });
	inbox.put(calls('1'));
	expect(idsOf(await collect(confirm))).toEqual(['1']);
	expect(tries).toHaveLength(3);
});

test('a call without a record is looked up for ten minutes, then given up, and may be pushed again', async () => {
	const { confirm, tries } = knows(clock, { '1': START_MS + 700_000 });
	inbox.put(calls('1'));
	expect(await collect(confirm)).toMatchObject({ records: [], lostCount: 0, postponedCount: 0 });
	expect(tries).toHaveLength(11);
	expect(clock.ms - START_MS).toBeGreaterThan(600_000);
	expect(clock.ms - START_MS).toBeLessThan(605_000);
	expect([inbox.takeUnknownCount(), inbox.takeUnknownCount()]).toEqual([1, 0]);

	clock.ms += 120_000;
	inbox.put(calls('1'));
	expect(idsOf(await collect(confirm))).toEqual(['1']);
});

test('a call listed late is output without a further push, at the next of the growing gaps', async () => {
	await fc.assert(
		fc.asyncProperty(fc.nat(599_000), async (lateMs) => {
			clock = new Clock();
			inbox = new Inbox(clock);
			const { confirm } = knows(clock, { '1': START_MS + lateMs });
			inbox.put(calls('1'));
			expect(idsOf(await collect(confirm))).toEqual(['1']);
			expect(clock.ms - START_MS).toBeLessThan(lateMs * 2 + 5000);
		}),
	);
});

test('a test in the editor gives up after four lookups in seven seconds', async () => {
	inbox = new Inbox(clock, FIRST_THOROUGH_TRY);
	const { confirm, tries } = knows(clock, {});
	inbox.put(calls('1'));
	await collect(confirm);
	expect([tries.length, inbox.takeUnknownCount()]).toEqual([4, 1]);
	expect(clock.ms - START_MS).toBe(7400);
});

test('one of the lookups is thorough, after seven seconds: of many made-up IDs, each costs one request', async () => {
	const thorough: boolean[] = [];
	inbox.put(calls('1'));
	await collect(async (missing, isThorough) => {
		thorough.push(isThorough);
		return { records: [], missing, remaining: [] };
	});
	expect(thorough.flatMap((one, index) => (one ? [index] : []))).toEqual([3]);
});

test('a collector leaves with its record while another waits for a late call', async () => {
	const { confirm } = knows(clock, { late: START_MS + 300_000, next: 0 });
	inbox.put(calls('late'));
	const first = inbox.collect(confirm);
	await clock.until(clock.sleep(20_000));
	inbox.put(calls('next'));
	expect(idsOf(await clock.until(inbox.collect(confirm)))).toEqual(['next']);
	expect(clock.ms - START_MS).toBeLessThan(22_000);
	expect(idsOf(await clock.until(first))).toEqual(['late']);
});

test('a lone collector holds its records for a minute, then late calls wait for the next push', async () => {
	const { confirm } = knows(clock, { now: 0, soon: START_MS + 25_000, late: START_MS + 300_000, next: 0 });
	inbox.put(calls('now', 'soon', 'late'));
	const collection = await collect(confirm);
	expect(idsOf(collection)).toEqual(['now', 'soon']);
	expect(collection).toMatchObject({ postponedCount: 1, lostCount: 0 });
	expect(clock.ms - START_MS).toBeLessThan(65_000);
	clock.ms += 300_000;
	inbox.put(calls('next'));
	expect(idsOf(await collect(confirm)).sort()).toEqual(['late', 'next']);
});

describe('a clock that is set back by eight hours', () => {
	const BACK_MS = 8 * 3_600_000;

	test('does not delay the next push', async () => {
		inbox.put(calls('1'));
		await collect();
		clock.ms -= BACK_MS;
		inbox.put(calls('2'));
		const beforeMs = clock.ms;
		expect(idsOf(await collect())).toEqual(['2']);
		expect(clock.ms - beforeMs).toBeLessThanOrEqual(1000);
	});

	test('does not delay a call that waits for its record', async () => {
		let isListed = false;
		inbox.put(calls('1'));
		const collecting = inbox.collect(async (asked) =>
			isListed
				? { records: asked, missing: [], remaining: [] }
				: { records: [], missing: asked, remaining: [] },
		);
		for (let turn = 0; turn < 20; turn++) await Promise.resolve();
		clock.setBack(BACK_MS);
		isListed = true;
		const beforeMs = clock.ms;
		expect(idsOf(await clock.until(collecting))).toEqual(['1']);
		expect(clock.ms - beforeMs).toBeLessThanOrEqual(2000);
	});
});

test('calls that are late make room for a push that does not fit, and count as unknown', async () => {
	const many = calls(...Array.from({ length: 20_000 }, (_, id) => `forged ${id}`));
	const { confirm } = knows(clock, { genuine: 0 });
	inbox.put(many);
	const collecting = inbox.collect(confirm);
	await clock.until(clock.sleep(20_000));
	expect(inbox.put(calls('genuine'))).toBe(true);
	expect(inbox.takeUnknownCount()).toBe(20_000);
	expect(idsOf(await clock.until(collecting))).toEqual(['genuine']);
});

test('fake calls delay the others only until the next push', async () => {
	const { confirm } = knows(clock, { genuine: 0, next: 0 });
	inbox.put(calls('forged', 'genuine'));
	const first = inbox.collect(confirm);
	await clock.until(clock.sleep(50));
	inbox.put(calls('next'));
	const second = inbox.collect(confirm);
	expect(idsOf(await clock.until(first))).toEqual(['genuine']);
	expect(clock.ms - START_MS).toBe(100);
	expect(await clock.until(second)).toMatchObject({ records: [{ voiceId: 'next' }], postponedCount: 1 });
	expect(inbox.takeUnknownCount()).toBe(0);
});

test('a flood becomes a collection about every second', async () => {
	const collections: Array<Promise<Collection>> = [];
	for (let nth = 0; nth < 5000; nth++) {
		inbox.put(calls(String(nth)));
		collections.push(inbox.collect(all));
		if (nth % 50 === 49) await clock.until(clock.sleep(100));
	}
	const done = await clock.until(Promise.all(collections));
	const filled = done.filter(({ records }) => records.length > 0);
	expect(filled.flatMap(idsOf)).toHaveLength(5000);
	expect(filled.length).toBeLessThanOrEqual(22);
	expect(filled.length).toBeGreaterThan(5);
});

test('a push that does not fit is rejected as a whole', async () => {
	const many = calls(...Array.from({ length: 20_000 }, (_, id) => String(id)));
	expect(inbox.put(many)).toBe(true);
	expect(inbox.put(calls('more'))).toBe(false);
	expect((await collect()).records).toHaveLength(20_000);
	expect(inbox.put(calls('more'))).toBe(true);
});

describe('a refusal of the API', () => {
	const refusal = new Error('refused');
	const refuse =
		(known: string[]): Confirm =>
		async (asked) => ({
			records: asked.filter(({ voiceId }) => known.includes(voiceId)),
			missing: [],
			remaining: asked.filter(({ voiceId }) => !known.includes(voiceId)),
			error: refusal,
		});

	test('is returned with the number of calls lost by it, which may be pushed again', async () => {
		inbox.put(calls('1', '2'));
		expect(await collect(refuse([]))).toEqual({
			records: [],
			postponedCount: 0,
			lostCount: 2,
			withheldCount: 0,
			error: refusal,
		});
		inbox.put(calls('1', '2'));
		expect(idsOf(await collect())).toEqual(['1', '2']);
	});

	test('that begins when some calls are confirmed makes the collector stay for the others', async () => {
		let asked = 0;
		const confirm: Confirm = async (all) =>
			++asked < 8 ? await refuse(['1'])(all, false) : await knowsAll(all, false);
		const knowsAll: Confirm = async (all) => ({ records: all, missing: [], remaining: [] });
		inbox.put(calls('1', '2'));
		const collection = await collect(confirm);
		expect(idsOf(collection)).toEqual(['1', '2']);
		expect(collection).toMatchObject({ error: undefined, postponedCount: 0, lostCount: 0 });
		expect(clock.ms - START_MS).toBe(120_000);
	});

	test('that lasts is returned after ten minutes, with all calls that are not output', async () => {
		inbox.put(calls('1', '2', '3', '4', '5'));
		const collection = await collect(refuse(['1']));
		expect(collection).toMatchObject({
			records: [],
			lostCount: 4,
			withheldCount: 1,
			postponedCount: 0,
			error: refusal,
		});
		expect(clock.ms - START_MS).toBe(600_000);
		expect(inbox.isEmpty).toBe(true);
		inbox.put(calls('1', '2'));
		expect(idsOf(await collect())).toEqual(['1', '2']);
	});

	test.each([
		[630_000, ['1', '2', '3', 'new']],
		[Infinity, []],
	])('gives up no call within ten minutes of its push (API back after %p ms)', async (backMs, expected) => {
		const confirm: Confirm = async (asked) =>
			clock.ms - START_MS < backMs
				? { ...(await refuse([])(asked, false)), isTemporary: true }
				: await all(asked, false);
		const collecting = ['1', '2', '3'].map(async (id) => {
			inbox.put(calls(id));
			return await inbox.collect(confirm);
		});
		await clock.until(clock.sleep(595_000));
		inbox.put(calls('new'));
		collecting.push(inbox.collect(confirm));
		const collections = await clock.until(Promise.all(collecting));
		expect(collections.flatMap(idsOf).sort()).toEqual(expected);
		const lost = collections.map(({ lostCount }) => lostCount).filter((count) => count > 0);
		expect(lost).toEqual(expected.length > 0 ? [] : [4]);
		if (lost.length > 0) expect(clock.ms - START_MS).toBeGreaterThanOrEqual(595_000 + 600_000);
	});

	test('holds no confirmed call back when another push comes', async () => {
		inbox.put(calls('1', '2'));
		const first = inbox.collect(refuse(['1']));
		await clock.until(clock.sleep(30_000));
		inbox.put(calls('3'));
		const second = inbox.collect(all);
		expect(idsOf(await clock.until(first))).toEqual(['1']);
		expect(clock.ms - START_MS).toBeLessThanOrEqual(31_000);
		expect(idsOf(await clock.until(second)).sort()).toEqual(['2', '3']);
	});

	test.each([
		[true, 11],
		[false, 1],
	])('that may be temporary is asked again: %p', async (isTemporary, expected) => {
		inbox.put(calls('1'));
		let asked = 0;
		const confirm: Confirm = async (all) => {
			asked++;
			return { ...(await refuse([])(all, false)), isTemporary };
		};
		expect(await collect(confirm)).toMatchObject({ records: [], lostCount: 1, error: refusal });
		expect(asked).toBe(expected);
	});

	test('at any time leaves no call waiting: each is output once or counted in an error', async () => {
		const event = fc.record({
			ids: fc.integer({ min: 1, max: 4 }),
			pauseMs: fc.constantFrom(0, 100, 2000, 40_000, 400_000),
		});
		const outage = fc.record({
			fromMs: fc.nat(900_000),
			forMs: fc.constantFrom(1000, 30_000, 500_000, 2_000_000),
			confirmed: fc.nat(2),
			isTemporary: fc.boolean(),
		});
		await fc.assert(
			fc.asyncProperty(
				fc.array(event, { minLength: 1, maxLength: 8 }),
				fc.array(outage, { maxLength: 3 }),
				async (events, outages) => {
					clock = new Clock();
					inbox = new Inbox(clock);
					const confirm: Confirm = async (asked) => {
						await clock.sleep(100);
						const nowMs = clock.ms - START_MS;
						const away = outages.find(({ fromMs, forMs }) => nowMs >= fromMs && nowMs < fromMs + forMs);
						if (!away) return { records: asked, missing: [], remaining: [] };
						const { confirmed, isTemporary } = away;
						return {
							records: asked.slice(0, confirmed),
							missing: [],
							remaining: asked.slice(confirmed),
							error: refusal,
							isTemporary,
						};
					};
					const collections: Array<Promise<Collection>> = [];
					let pushed = 0;
					for (const { ids, pauseMs } of events) {
						inbox.put(calls(...Array.from({ length: ids }, () => String(pushed++))));
						collections.push(inbox.collect(confirm));
						await clock.until(clock.sleep(pauseMs));
					}
					const ended = await clock.until(Promise.all(collections));
					const output = ended.flatMap(idsOf);
					const counted = ended.reduce(
						(sum, { lostCount, withheldCount }) => sum + lostCount + withheldCount,
						0,
					);
					expect(new Set(output).size).toBe(output.length);
					expect(output.length + counted).toBe(pushed);
					expect(ended.every(({ lostCount, error }) => lostCount === 0 || error === refusal)).toBe(true);
					expect(inbox.isEmpty).toBe(true);
				},
			),
		);
	});

	test('also counts the calls that wait for their records', async () => {
		inbox.put(calls('late'));
		let asked = 0;
		const confirm: Confirm = async (all) => {
			if (++asked > 1) return await refuse([])(all, false);
			inbox.put(calls('new'));
			return { records: [], missing: all, remaining: [] };
		};
		expect(await collect(confirm)).toMatchObject({ records: [], lostCount: 2, error: refusal });
		inbox.put(calls('late', 'new'));
		expect(idsOf(await collect()).sort()).toEqual(['late', 'new']);
	});
});

describe('the seen calls', () => {
	const outputOf = async (ids: string[]) => {
		inbox.put(calls(...ids));
		return idsOf(await collect());
	};
	/** As after a restart of n8n. */
	const restart = (packed: unknown = inbox.packSeenCalls()) => {
		inbox = new Inbox(clock);
		inbox.unpackSeenCalls(packed);
	};

	test('survive a restart', async () => {
		await outputOf(['1', '2']);
		restart();
		expect(await outputOf(['1', '3', '2'])).toEqual(['3']);
	});

	test('are remembered for 24 hours', async () => {
		await outputOf(['1']);
		clock.ms += DAY_MS - 5000;
		restart();
		expect(await outputOf(['1'])).toEqual([]);
		clock.ms += 10_000;
		restart();
		expect(await outputOf(['1'])).toEqual(['1']);
	});

	test('include those of another process', async () => {
		await outputOf(['1']);
		const other = new Inbox(clock);
		other.unpackSeenCalls(inbox.packSeenCalls());
		other.put(calls('2'));
		await clock.until(other.collect(all));
		inbox.unpackSeenCalls(other.packSeenCalls());
		expect(await outputOf(['1', '2', '3'])).toEqual(['3']);
	});

	test('are limited to the last 50,000, in 16 characters each', async () => {
		const ids = Array.from({ length: 60_000 }, (_, id) => String(id));
		for (let at = 0; at < ids.length; at += 10_000) await outputOf(ids.slice(at, at + 10_000));
		expect(inbox.packSeenCalls()).toHaveLength(50_000 * 16);
		restart();
		expect(await outputOf(['59999', '10000', '9999'])).toEqual(['9999']);
	});

	test.each([undefined, null, 5, 'not packed', {}])(
		'are not read from an invalid value: %p',
		async (packed) => {
			restart(packed);
			expect(await outputOf(['1'])).toEqual(['1']);
		},
	);
});

test('whatever is pushed when, each genuine call is output exactly once, and no forged one', async () => {
	const event = fc.record({
		ids: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
		pauseMs: fc.constantFrom(0, 0, 50, 500, 3000, 20_000),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(event, { maxLength: 25 }),
			fc.array(fc.nat(500_000), { minLength: 21, maxLength: 21 }),
			async (events, lates) => {
				clock = new Clock();
				inbox = new Inbox(clock);
				// Odd IDs are forged; the others have a record at once, or some time later.
				const since: Record<string, number> = {};
				lates.forEach((late, id) => {
					if (id % 2 === 0) since[String(id)] = late < 100_000 ? START_MS : START_MS + late;
				});
				const { confirm } = knows(clock, since);
				const collections: Array<Promise<Collection>> = [];
				for (const { ids, pauseMs } of events) {
					inbox.put(calls(...ids.map(String)));
					collections.push(inbox.collect(confirm));
					await clock.until(clock.sleep(pauseMs));
				}
				await clock.until(Promise.all(collections));
				// All calls again, long after their records were listed.
				clock.ms += 700_000;
				inbox.put(calls(...events.flatMap(({ ids }) => ids.map(String))));
				collections.push(inbox.collect(confirm));
				const outputIds = (await clock.until(Promise.all(collections))).flatMap(idsOf);
				const genuine = new Set(
					events
						.flatMap(({ ids }) => ids)
						.filter((id) => id % 2 === 0)
						.map(String),
				);
				expect(outputIds.sort()).toEqual([...genuine].sort());
			},
		),
	);
});
