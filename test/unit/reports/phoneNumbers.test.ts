import { createFilter } from '../../../nodes/Itniotech/records/query/filters';
import { CallReport } from '../../../nodes/Itniotech/reports/document/callReport';
import { Summary, type SummaryOptions } from '../../../nodes/Itniotech/reports/summary/summary';
import { atOnce } from '../../support/atOnce';

const RANGE = { fromS: 1_795_000_000, toS: 1_795_003_599 };
const OPTIONS: SummaryOptions = {
	groupBy: ['calledNumber'],
	sortBy: 'keys',
	maxGroups: 0,
	shortCallSeconds: 6,
	includeDetails: false,
};
const SPELLINGS = ['15550100', '+15550100', '0015550100', '+1 (555) 01-00', 'sip:15550100@192.0.2.1'];
const records = SPELLINGS.map((callee, index) => ({
	voiceId: String(index),
	callee,
	displayNum: callee,
	submitTime: '2026-11-19T12:00:00Z',
	terminationCode: '486',
}));

test.each(['calledNumber', 'displayNum'] as const)(
	'all spellings of a number are one group of %s',
	(name) => {
		const summary = new Summary({ ...OPTIONS, groupBy: [name] }, RANGE, 'UTC');
		for (const record of records) summary.add(record);
		expect(atOnce(summary.rows())).toMatchObject([
			{ [name]: '15550100', calls: 5, uniqueNumbers: 1, reachedNumbers: 0 },
		]);
	},
);

test('a number that was reached counts once, whatever its spelling', () => {
	const summary = new Summary({ ...OPTIONS, groupBy: [] }, RANGE, 'UTC');
	for (const record of records) summary.add({ ...record, terminationCode: '200' });
	expect(atOnce(summary.rows())).toMatchObject([{ uniqueNumbers: 1, reachedNumbers: 1 }]);
});

test('all spellings are one failing number of a report', () => {
	const report = new CallReport(RANGE, 'UTC', { shortCallSeconds: 6 });
	for (const record of records) report.add(record);
	expect(report.failingNumbers.list(2)).toEqual([{ calledNumber: '15550100', failed: 5 }]);
});

test.each(['calledNumber', 'displayNum'])('the filter %s finds all spellings', (name) => {
	for (const spelling of SPELLINGS.slice(0, 4)) {
		expect(records.filter(createFilter({ [name]: spelling })!)).toHaveLength(5);
	}
});
