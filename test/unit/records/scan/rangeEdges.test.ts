import { RangeEdges } from '../../../../nodes/Itniotech/records/scan/rangeEdges';
import { row } from '../../support/modelApi';

const FROM = Date.parse('2026-03-01T00:00:00Z') / 1000;
const TO = Date.parse('2026-03-01T23:59:59Z') / 1000;
const LATER = TO + 1000;
const RANGE = { fromS: FROM, toS: TO };

/** Ids of the records that belong to a range, those that were decided last at the end. */
function admitted(rows: Array<ReturnType<typeof row>>, range = RANGE, nowS = LATER): string[] {
	const edges = new RangeEdges(range, nowS);
	const atOnce = rows.filter((one) => edges.admit(one));
	return [...atOnce, ...edges.admitLate()].map(({ voiceId }) => voiceId);
}

describe('the requested range', () => {
	test.each([
		['has a second more at each end', LATER, FROM - 1, TO + 1],
		['may end with the present second', TO + 1, FROM - 1, TO + 1],
		['does not reach beyond the present', TO, FROM - 1, TO],
	])('%s', (_case, nowS, fromS, toS) => {
		expect(new RangeEdges(RANGE, nowS).outerRange).toEqual({ fromS, toS });
	});
});

describe('a record', () => {
	test.each<[string, number, number | null, boolean]>([
		['within the range', FROM + 10, FROM + 20, true],
		['at its first second', FROM, FROM, true],
		['at its last second', TO, TO, true],
		['of the second before', FROM - 1, FROM - 1, false],
		['of the second after', TO + 1, TO + 1, false],
		['of the second before, not called yet', FROM - 1, null, false],
		['at the first second, not called yet', FROM, null, true],
		['submitted long before and called within, as the API chose to list it', FROM - 500, FROM + 5, true],
		['submitted within and called long after, as the API chose to list it', TO - 5, TO + 500, true],
	])('is output where it belongs to the range: %s', (_case, submitS, callS, belongs) => {
		expect(admitted([row('1', submitS, callS)])).toEqual(belongs ? ['1'] : []);
	});

	test.each([
		['without times', { voiceId: '1' }],
		['with times that do not say their offset', { voiceId: '1', submitTime: '2026-03-01T00:00:00' }],
	])('%s is output', (_case, record) => expect(admitted([record])).toEqual(['1']));
});

describe('a record with one time on each side of an end', () => {
	const bySubmitTime = row('submitted inside', TO - 5, TO + 500);
	const byCallTime = row('called inside', FROM - 500, FROM + 5);

	test('goes by its submit time if the API does', () => {
		const rows = [
			row('1', FROM - 1, FROM),
			row('2', FROM, FROM - 1),
			row('3', TO, TO + 1),
			row('4', TO + 1, TO),
		];
		expect(admitted([...rows, bySubmitTime])).toEqual([bySubmitTime.voiceId, '2', '3']);
	});

	test('goes by its call time if the API does, even if that is noticed later', () => {
		const rows = [
			row('1', FROM - 1, FROM),
			row('2', FROM, FROM - 1),
			row('3', TO, TO + 1),
			row('4', TO + 1, TO),
		];
		expect(admitted([...rows, byCallTime])).toEqual([byCallTime.voiceId, '1', '4']);
	});

	test('is never lost between two days, even if only one of them shows which time the API filters by', () => {
		const nextDay = { fromS: TO + 1, toS: TO + 86_400 };
		const between = row('between', TO, TO + 1);
		const days = [...admitted([byCallTime, between]), ...admitted([between], nextDay, nextDay.toS)];
		expect(days).toContain('between');
	});
});
