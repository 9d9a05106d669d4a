import fc from 'fast-check';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { confirmCalls, type RecordLookup } from '../../../../nodes/Itniotech/triggers/push/confirm';
import { wireTime } from '../../../simulator/records';

const NOW_MS = Date.parse('2026-11-20T08:00:00Z');
const report = (id: number, agoS = 60): WireRecord => ({
	voiceId: String(id),
	submitTime: wireTime(NOW_MS - agoS * 1000),
	callee: 'as reported',
});
const recordOf = ({ voiceId }: WireRecord): WireRecord => ({
	voiceId,
	terminationCode: '486',
	callee: 'as listed',
});
const reportsTo = (count: number) => Array.from({ length: count }, (_, id) => report(id));

/** A service with these records in its list and by their ids. */
function service(listed: WireRecord[], byId = listed) {
	const asked = { ids: [] as string[], pages: [] as number[], spans: new Set<string>(), most: 0 };
	let inFlight = 0;
	const lookup: RecordLookup = {
		async fetchPage({ strTime, endTime }, page, size) {
			asked.pages.push(page);
			asked.spans.add(`${strTime} ${endTime}`);
			return { records: listed.slice((page - 1) * size, page * size) };
		},
		async find(id) {
			asked.ids.push(id);
			asked.most = Math.max(asked.most, ++inFlight);
			await Promise.resolve();
			inFlight--;
			return byId.find(({ voiceId }) => voiceId === id) ?? null;
		},
		width: (wanted) => wanted,
		now: () => NOW_MS,
	};
	return { lookup, asked };
}

test('what the API says is given, in the order of the reports, not what was reported', async () => {
	const reports = [report(3), report(1), report(2)];
	const { lookup } = service([1, 2].map((id) => recordOf(report(id))));
	expect(await confirmCalls(reports, false, lookup)).toEqual({
		records: [recordOf(report(1)), recordOf(report(2))],
		missing: [reports[0]],
		unasked: [],
	});
});

test('a call that has not ended for all the API says is missing', async () => {
	const { lookup } = service([{ voiceId: '1' }]);
	expect(await confirmCalls([report(1)], true, lookup)).toMatchObject({ records: [], missing: [report(1)] });
});

test('few reports are looked up by their ids, up to ten at once', async () => {
	const { lookup, asked } = service([]);
	await confirmCalls(reportsTo(49), false, lookup);
	expect(asked).toMatchObject({ pages: [], most: 10 });
	expect(asked.ids).toHaveLength(49);
});

test('many reports are looked up in the list', async () => {
	const reports = reportsTo(250);
	const { lookup, asked } = service(reports.map(recordOf));
	const { records } = await confirmCalls(reports, false, lookup);
	expect(records).toHaveLength(250);
	expect(asked).toMatchObject({ ids: [], pages: [1, 2, 3, 4] });
});

test('the list is read around the reported times, but for single ones far away', async () => {
	const reports = [...reportsTo(100), report(100, 20 * 86_400), report(101, -3600), report(102, 70 * 86_400)];
	const { lookup, asked } = service([]);
	await confirmCalls(reports, false, lookup);
	expect([...asked.spans]).toEqual([`${wireTime(NOW_MS - 360_000)} ${wireTime(NOW_MS)}`]);
});

test('of a busy time, no more than two records a report are listed', async () => {
	const { lookup, asked } = service(Array.from({ length: 5000 }, (_, id) => recordOf(report(10_000 + id))));
	await confirmCalls(reportsTo(100), false, lookup);
	expect(asked.pages).toEqual([1, 2]);
});

test('what is missing in the list is looked up by its id on the last try only', async () => {
	const reports = reportsTo(60);
	const listed = reports.slice(0, 50).map(recordOf);
	const first = service(listed, reports.map(recordOf));
	expect((await confirmCalls(reports, false, first.lookup)).missing).toEqual(reports.slice(50));
	expect(first.asked.ids).toEqual([]);

	const last = service(listed, reports.map(recordOf));
	expect((await confirmCalls(reports, true, last.lookup)).missing).toEqual([]);
	expect(last.asked.ids).toHaveLength(10);
});

test('without a time that may be, no list is read', async () => {
	const reports = reportsTo(60).map((one) => ({ ...one, submitTime: 'yesterday' }));
	const { lookup, asked } = service([], reports.map(recordOf));
	expect((await confirmCalls(reports, true, lookup)).records).toHaveLength(60);
	expect(asked.pages).toEqual([]);
});

test.each([5, 60])(
	'after a refusal nothing more is asked, and nothing is lost: %d reports',
	async (count) => {
		const reports = reportsTo(count);
		const refusal = new Error('refused');
		const { lookup, asked } = service(reports.map(recordOf));
		const refuse =
			(real: RecordLookup['find']): RecordLookup['find'] =>
			async (id) => {
				if (id === '2') throw refusal;
				return await real(id);
			};
		lookup.find = refuse(lookup.find);
		if (count >= 50) lookup.fetchPage = async () => await Promise.reject(refusal);
		lookup.width = () => 1;
		const { records, missing, unasked, error } = await confirmCalls(reports, false, lookup);
		expect(error).toBe(refusal);
		expect(missing).toEqual([]);
		expect([...records, ...unasked].map(({ voiceId }) => voiceId)).toEqual(
			reports.map(({ voiceId }) => voiceId),
		);
		expect(asked.ids.length).toBeLessThan(3);
	},
);

test('each report ends in exactly one of the three lists', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 120 }),
			fc.uniqueArray(fc.integer({ min: 0, max: 300 })),
			fc.uniqueArray(fc.integer({ min: 0, max: 300 })),
			fc.boolean(),
			async (reported, listed, known, isLastTry) => {
				const reports = reported.map((id) => report(id));
				const { lookup } = service(
					listed.map((id) => recordOf(report(id))),
					[...listed, ...known].map((id) => recordOf(report(id))),
				);
				const { records, missing, unasked } = await confirmCalls(reports, isLastTry, lookup);
				const ids = [...records, ...missing, ...unasked].map(({ voiceId }) => voiceId);
				expect(ids.sort()).toEqual(reports.map(({ voiceId }) => voiceId).sort());
				const isKnown = ({ voiceId }: WireRecord) => [...listed, ...known].includes(Number(voiceId));
				expect(records.every(isKnown)).toBe(true);
				if (isLastTry || reports.length < 50) expect(missing.some(isKnown)).toBe(false);
			},
		),
	);
});
