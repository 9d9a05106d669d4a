import fc from 'fast-check';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { confirmCalls, type RecordLookup } from '../../../../nodes/Itniotech/triggers/push/confirm';
import { wireTime } from '../../../simulator/records';
import { NOW_MS } from '../../../support/times';

const pushedCall = (id: number, agoS = 60): WireRecord => ({
	voiceId: String(id),
	submitTime: wireTime(NOW_MS - agoS * 1000),
	callee: 'as pushed',
});
const recordOf = ({ voiceId }: WireRecord): WireRecord => ({
	voiceId,
	terminationCode: '486',
	callee: 'as listed',
});
const someCalls = (count: number) => Array.from({ length: count }, (_, id) => pushedCall(id));

/** A service with these records in its list and by their IDs. */
function service(listed: WireRecord[], byId = listed) {
	const asked = { ids: [] as string[], pages: [] as number[], windows: new Set<string>(), most: 0 };
	let inFlight = 0;
	const lookup: RecordLookup = {
		async fetchPage({ strTime, endTime }, { current: page, size }) {
			asked.pages.push(page);
			asked.windows.add(`${strTime} ${endTime}`);
			return { records: listed.slice((page - 1) * size, page * size) };
		},
		async find(id) {
			asked.ids.push(id);
			asked.most = Math.max(asked.most, ++inFlight);
			await Promise.resolve();
			inFlight--;
			return byId.find(({ voiceId }) => voiceId === id) ?? null;
		},
		width: () => 20,
		nowMs: () => NOW_MS,
	};
	return { lookup, asked };
}

test('the records of the API are returned, not what was pushed, in the order of the pushed calls', async () => {
	const calls = [pushedCall(3), pushedCall(1), pushedCall(2)];
	const { lookup } = service([1, 2].map((id) => recordOf(pushedCall(id))));
	expect(await confirmCalls(calls, false, lookup)).toEqual({
		records: [recordOf(pushedCall(1)), recordOf(pushedCall(2))],
		missing: [calls[0]],
		remaining: [],
	});
});

test('a call that has not ended according to the API is missing', async () => {
	const { lookup } = service([{ voiceId: '1' }]);
	expect(await confirmCalls([pushedCall(1)], true, lookup)).toMatchObject({
		records: [],
		missing: [pushedCall(1)],
	});
});

test('a few calls are looked up by their IDs, up to ten at once', async () => {
	const { lookup, asked } = service([]);
	await confirmCalls(someCalls(49), false, lookup);
	expect(asked).toMatchObject({ pages: [], most: 10 });
	expect(asked.ids).toHaveLength(49);
});

test('many calls are looked up in the list', async () => {
	const calls = someCalls(250);
	const { lookup, asked } = service(calls.map(recordOf));
	const { records } = await confirmCalls(calls, false, lookup);
	expect(records).toHaveLength(250);
	expect(asked).toMatchObject({ ids: [], pages: [1, 2, 3, 4] });
});

test('the list is read around the pushed times, except for a few far away', async () => {
	const calls = [
		...someCalls(100),
		pushedCall(100, 20 * 86_400),
		pushedCall(101, -3600),
		pushedCall(102, 70 * 86_400),
	];
	const { lookup, asked } = service([]);
	await confirmCalls(calls, false, lookup);
	expect([...asked.windows]).toEqual([`${wireTime(NOW_MS - 360_000)} ${wireTime(NOW_MS)}`]);
});

test('in a busy time, at most two records per pushed call are read', async () => {
	const { lookup, asked } = service(
		Array.from({ length: 5000 }, (_, id) => recordOf(pushedCall(10_000 + id))),
	);
	await confirmCalls(someCalls(100), false, lookup);
	expect(asked.pages).toEqual([1, 2]);
});

test('calls missing in the list are looked up by their IDs in a thorough lookup only', async () => {
	const calls = someCalls(60);
	const listed = calls.slice(0, 50).map(recordOf);
	const first = service(listed, calls.map(recordOf));
	expect((await confirmCalls(calls, false, first.lookup)).missing).toEqual(calls.slice(50));
	expect(first.asked.ids).toEqual([]);

	const last = service(listed, calls.map(recordOf));
	expect((await confirmCalls(calls, true, last.lookup)).missing).toEqual([]);
	expect(last.asked.ids).toHaveLength(10);
});

test('without a plausible time, no list is read', async () => {
	const calls = someCalls(60).map((one) => ({ ...one, submitTime: 'yesterday' }));
	const { lookup, asked } = service([], calls.map(recordOf));
	expect((await confirmCalls(calls, true, lookup)).records).toHaveLength(60);
	expect(asked.pages).toEqual([]);
});

test.each([5, 60])(
	'after a refusal no further request is sent, and no call is lost: %d calls',
	async (count) => {
		const calls = someCalls(count);
		const refusal = new Error('refused');
		const { lookup, asked } = service(calls.map(recordOf));
		const refuse =
			(real: RecordLookup['find']): RecordLookup['find'] =>
			async (id) => {
				if (id === '2') throw refusal;
				return await real(id);
			};
		lookup.find = refuse(lookup.find);
		if (count >= 50) lookup.fetchPage = async () => await Promise.reject(refusal);
		lookup.width = () => 1;
		const { records, missing, remaining, error } = await confirmCalls(calls, false, lookup);
		expect(error).toBe(refusal);
		expect(missing).toEqual([]);
		expect([...records, ...remaining].map(({ voiceId }) => voiceId)).toEqual(
			calls.map(({ voiceId }) => voiceId),
		);
		expect(asked.ids.length).toBeLessThan(3);
	},
);

test('each pushed call ends in exactly one of the three lists', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 120 }),
			fc.uniqueArray(fc.integer({ min: 0, max: 300 })),
			fc.uniqueArray(fc.integer({ min: 0, max: 300 })),
			fc.boolean(),
			async (pushedIds, listedIds, otherIds, isThorough) => {
				const calls = pushedIds.map((id) => pushedCall(id));
				const { lookup } = service(
					listedIds.map((id) => recordOf(pushedCall(id))),
					[...listedIds, ...otherIds].map((id) => recordOf(pushedCall(id))),
				);
				const { records, missing, remaining } = await confirmCalls(calls, isThorough, lookup);
				const ids = [...records, ...missing, ...remaining].map(({ voiceId }) => voiceId);
				expect(ids.sort()).toEqual(calls.map(({ voiceId }) => voiceId).sort());
				const isKnown = ({ voiceId }: WireRecord) => [...listedIds, ...otherIds].includes(Number(voiceId));
				expect(records.every(isKnown)).toBe(true);
				if (isThorough || calls.length < 50) expect(missing.some(isKnown)).toBe(false);
			},
		),
	);
});
