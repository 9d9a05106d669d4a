import fc from 'fast-check';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { Inbox, type Collection, type Confirm } from '../../../../nodes/Itniotech/triggers/push/inbox';

const DAY_MS = 24 * 60 * 60 * 1000;
const START_MS = Date.parse('2026-11-20T08:00:00Z');

/** Time that goes on only when everybody sleeps. */
class Clock {
	ms = START_MS;
	private sleepers: Array<{ untilMs: number; wake(): void }> = [];

	now = () => this.ms;

	sleep = async (ms: number) =>
		await new Promise<void>((wake) => this.sleepers.push({ untilMs: this.ms + ms, wake }));

	/** Lets time pass until the promise is settled. */
	async until<T>(promise: Promise<T>): Promise<T> {
		let isOver = false;
		const noting = promise.finally(() => (isOver = true));
		for (;;) {
			for (let turn = 0; turn < 20; turn++) await Promise.resolve();
			if (isOver) return await noting;
			this.sleepers.sort((a, b) => a.untilMs - b.untilMs);
			const next = this.sleepers.shift();
			if (!next) throw new Error('everybody waits for nothing');
			this.ms = Math.max(this.ms, next.untilMs);
			next.wake();
		}
	}
}

const reports = (...ids: string[]): WireRecord[] => ids.map((voiceId) => ({ voiceId }));
const idsOf = ({ records }: Collection) => records.map(({ voiceId }) => voiceId);
const all: Confirm = async (records) => ({ records, missing: [], unasked: [] });

/** Knows these calls, some of them only from a moment on. */
function knows(clock: Clock, sinceMs: Record<string, number>) {
	const tries: string[][] = [];
	const confirm: Confirm = async (asked) => {
		tries.push(asked.map(({ voiceId }) => voiceId));
		await clock.sleep(100);
		const isKnown = ({ voiceId }: WireRecord) => clock.ms >= (sinceMs[voiceId] ?? Infinity);
		return { records: asked.filter(isKnown), missing: asked.filter((one) => !isKnown(one)), unasked: [] };
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

test('each report is given out once, also when it comes again', async () => {
	inbox.put(reports('1', '2', '1'));
	expect(idsOf(await collect())).toEqual(['1', '2']);
	inbox.put(reports('2', '3'));
	expect(idsOf(await collect())).toEqual(['3']);
});

test('a push while another collects the same call does not give it out too', async () => {
	const { confirm } = knows(clock, { '1': 0, '2': 0 });
	inbox.put(reports('1'));
	const first = inbox.collect(confirm);
	await Promise.resolve();
	inbox.put(reports('1', '2'));
	const both = await clock.until(Promise.all([first, inbox.collect(confirm)]));
	expect(both.flatMap(idsOf)).toEqual(['1', '2']);
});

test('without a report nobody waits', async () => {
	expect(await inbox.collect(all)).toEqual({ records: [], unknown: 0, postponed: 0, lost: 0 });
	expect(clock.ms).toBe(START_MS);
});

test('a call that the API knows only some seconds later is given out then', async () => {
	const { confirm, tries } = knows(clock, { '1': START_MS + 2500 });
	inbox.put(reports('1'));
	expect(idsOf(await collect(confirm))).toEqual(['1']);
	expect(tries).toHaveLength(3);
});

test('a call that the API does not know after four tries in seven seconds is unknown, and may come again', async () => {
	const { confirm, tries } = knows(clock, { '1': START_MS + 60_000 });
	inbox.put(reports('1'));
	expect(await collect(confirm)).toMatchObject({ records: [], unknown: 1 });
	expect(tries).toHaveLength(4);
	expect(clock.ms - START_MS).toBe(7400);

	clock.ms += 60_000;
	inbox.put(reports('1'));
	expect(idsOf(await collect(confirm))).toEqual(['1']);
});

test('calls that nobody knows do not hold up the others for longer than the next push', async () => {
	const { confirm } = knows(clock, { genuine: 0, next: 0 });
	inbox.put(reports('forged', 'genuine'));
	const first = inbox.collect(confirm);
	await clock.until(clock.sleep(50));
	inbox.put(reports('next'));
	const second = inbox.collect(confirm);
	expect(idsOf(await clock.until(first))).toEqual(['genuine']);
	expect(clock.ms - START_MS).toBe(100);
	expect(await clock.until(second)).toMatchObject({ unknown: 1 });
});

test('a flood becomes a collection about every second', async () => {
	const collections: Array<Promise<Collection>> = [];
	for (let nth = 0; nth < 5000; nth++) {
		inbox.put(reports(String(nth)));
		collections.push(inbox.collect(all));
		if (nth % 50 === 49) await clock.until(clock.sleep(100));
	}
	const done = await clock.until(Promise.all(collections));
	const filled = done.filter(({ records }) => records.length > 0);
	expect(filled.flatMap(idsOf)).toHaveLength(5000);
	expect(filled.length).toBeLessThanOrEqual(22);
	expect(filled.length).toBeGreaterThan(5);
});

test('what does not fit is not taken in at all', async () => {
	const many = reports(...Array.from({ length: 20_000 }, (_, id) => String(id)));
	expect(inbox.put(many)).toBe(true);
	expect(inbox.put(reports('more'))).toBe(false);
	expect((await collect()).records).toHaveLength(20_000);
	expect(inbox.put(reports('more'))).toBe(true);
});

describe('a refusal of the API', () => {
	const refusal = new Error('refused');
	const refuse =
		(known: string[]): Confirm =>
		async (asked) => ({
			records: asked.filter(({ voiceId }) => known.includes(voiceId)),
			missing: [],
			unasked: asked.filter(({ voiceId }) => !known.includes(voiceId)),
			error: refusal,
		});

	test('is brought with the number of reports that are lost by it, and they may come again', async () => {
		inbox.put(reports('1', '2'));
		expect(await collect(refuse([]))).toEqual({
			records: [],
			unknown: 0,
			postponed: 0,
			lost: 2,
			error: refusal,
		});
		inbox.put(reports('1', '2'));
		expect(idsOf(await collect())).toEqual(['1', '2']);
	});

	test('beside records that were found loses nothing: the others wait for the next push', async () => {
		inbox.put(reports('1', '2'));
		expect(await collect(refuse(['1']))).toMatchObject({
			records: [{ voiceId: '1' }],
			postponed: 1,
			lost: 0,
		});
		inbox.put(reports('3'));
		expect(idsOf(await collect()).sort()).toEqual(['2', '3']);
	});

	test('that may pass is waited for once', async () => {
		let asked = 0;
		const confirm: Confirm = async (all) =>
			++asked === 1
				? { ...(await refuse(['1'])(all, false)), mayPass: true }
				: { records: all, missing: [], unasked: [] };
		inbox.put(reports('1', '2'));
		const collection = await collect(confirm);
		expect(idsOf(collection)).toEqual(['1', '2']);
		expect(collection).toMatchObject({ error: undefined, postponed: 0, lost: 0 });
		expect(clock.ms - START_MS).toBe(15_000);
	});

	test('that may pass and does not is brought after two attempts', async () => {
		inbox.put(reports('1'));
		let asked = 0;
		const confirm: Confirm = async (all) => {
			asked++;
			return { ...(await refuse([])(all, false)), mayPass: true };
		};
		expect(await collect(confirm)).toMatchObject({ records: [], lost: 1, error: refusal });
		expect(asked).toBe(2);
	});

	test('counts those too that wait for their record to show up', async () => {
		inbox.put(reports('late'));
		let asked = 0;
		const confirm: Confirm = async (all) => {
			if (++asked > 1) return await refuse([])(all, false);
			inbox.put(reports('new'));
			return { records: [], missing: all, unasked: [] };
		};
		expect(await collect(confirm)).toMatchObject({ records: [], lost: 2, error: refusal });
		inbox.put(reports('late', 'new'));
		expect(idsOf(await collect()).sort()).toEqual(['late', 'new']);
	});
});

describe('the memory', () => {
	const given = async (ids: string[]) => {
		inbox.put(reports(...ids));
		return idsOf(await collect());
	};
	/** As after a restart of n8n. */
	const restart = (packed: unknown = inbox.remembered()) => {
		inbox = new Inbox(clock);
		inbox.recall(packed);
	};

	test('holds over a restart', async () => {
		await given(['1', '2']);
		restart();
		expect(await given(['1', '3', '2'])).toEqual(['3']);
	});

	test('holds for a day', async () => {
		await given(['1']);
		clock.ms += DAY_MS - 5000;
		restart();
		expect(await given(['1'])).toEqual([]);
		clock.ms += 10_000;
		restart();
		expect(await given(['1'])).toEqual(['1']);
	});

	test('takes over what another process has added', async () => {
		await given(['1']);
		const other = new Inbox(clock);
		other.recall(inbox.remembered());
		other.put(reports('2'));
		await clock.until(other.collect(all));
		inbox.recall(other.remembered());
		expect(await given(['1', '2', '3'])).toEqual(['3']);
	});

	test('holds the last 50,000 calls, in 16 characters each', async () => {
		const ids = Array.from({ length: 60_000 }, (_, id) => String(id));
		for (let at = 0; at < ids.length; at += 10_000) await given(ids.slice(at, at + 10_000));
		expect(inbox.remembered()).toHaveLength(50_000 * 16);
		restart();
		expect(await given(['59999', '10000', '9999'])).toEqual(['9999']);
	});

	test.each([undefined, null, 5, 'no memory', {}])('what is none counts as nothing: %p', async (packed) => {
		restart(packed);
		expect(await given(['1'])).toEqual(['1']);
	});
});

test('whatever comes when, each genuine call is given out exactly once and no forged one is', async () => {
	const event = fc.record({
		ids: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
		pauseMs: fc.constantFrom(0, 0, 50, 500, 3000, 20_000),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(event, { maxLength: 25 }),
			fc.array(fc.nat(9000), { minLength: 21, maxLength: 21 }),
			async (events, lates) => {
				clock = new Clock();
				inbox = new Inbox(clock);
				// Odd ids are forged; the others are known at once, or some time later.
				const since: Record<string, number> = {};
				lates.forEach((late, id) => {
					if (id % 2 === 0) since[String(id)] = late < 3000 ? START_MS : START_MS + late;
				});
				const { confirm } = knows(clock, since);
				const collections: Array<Promise<Collection>> = [];
				for (const { ids, pauseMs } of events) {
					inbox.put(reports(...ids.map(String)));
					collections.push(inbox.collect(confirm));
					await clock.until(clock.sleep(pauseMs));
				}
				await clock.until(Promise.all(collections));
				// Once more, when everything is known for long.
				clock.ms += 60_000;
				inbox.put(reports(...events.flatMap(({ ids }) => ids.map(String))));
				collections.push(inbox.collect(confirm));
				const given = (await clock.until(Promise.all(collections))).flatMap(idsOf);
				const genuine = new Set(
					events
						.flatMap(({ ids }) => ids)
						.filter((id) => id % 2 === 0)
						.map(String),
				);
				expect(given.sort()).toEqual([...genuine].sort());
			},
		),
	);
});
