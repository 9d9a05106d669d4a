import { BinaryDataService } from 'n8n-core';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { listDataset } from '../simulator/dataset';
import {
	contentOf,
	LAST_7_DAYS_MS,
	LONG,
	LONG_MS,
	hintsOf,
	idsOf,
	tableOf,
	useReports,
} from './support/summaries';
import { DAY_MS, NOW_MS } from '../support/times';

const INCOMPLETE = 'ITNIO TECH counts 4 call records but lists 3, the same each time';

describe('reports in n8n’s engine', () => {
	const { simulator, run: runNode, summarize, exported, known } = useReports();
	const handOutTooFew = () => {
		const rows = known([NOW_MS - 30 * DAY_MS, NOW_MS]).slice(0, 3);
		const data = { total: 4, pages: 1, current: 1, size: 100, searchCount: true, records: rows };
		simulator().failNext(...Array(4).fill({ kind: 'body', body: JSON.stringify({ status: '0', data }) }));
	};

	it('summarizes a range of several windows by area', async () => {
		const options = { includeDetails: true };
		const { items, error } = await summarize({ ...LONG, groupBy: ['area'], options });
		expect(error).toBeUndefined();
		const all = known(LONG_MS);
		const areas = [...new Set(all.map(({ code }) => code))].sort();
		expect(items.map(({ json }) => json.area)).toEqual(areas);
		for (const { json } of items) {
			const calls = all.filter(({ code }) => code === json.area);
			const answered = calls.filter(({ terminationCode }) => /^(200|0)$/.test(`${terminationCode}`));
			expect(json).toMatchObject({
				from: '2026-10-01T00:00:00+08:00',
				to: '2026-11-20T00:00:00+08:00',
				calls: calls.length,
				answered: answered.length,
				failed: calls.length - answered.length,
				asr: Math.round((answered.length / calls.length) * 10_000) / 10_000,
				totalDuration: calls.reduce((sum, { callDuration }) => sum + (callDuration ?? 0), 0),
				uniqueNumbers: new Set(calls.map(({ callee }) => callee)).size,
			});
			const micros = (currency?: string) =>
				calls
					.filter((one) => one.currency === currency)
					.reduce((sum, { cost }) => sum + Math.round(Number(cost) * 1e6), 0);
			const { costs } = json.details as { costs: Array<{ currency: string; cost: string }> };
			expect(costs.map(({ currency, cost }) => [currency, Math.round(Number(cost) * 1e6)])).toEqual([
				['EUR', micros('EUR')],
				['USD', micros()],
			]);
		}
	});

	it('says in a report what changed since the earlier range, and nothing without one', async () => {
		const calls = known([NOW_MS - 30 * DAY_MS, NOW_MS]);
		const bad = calls.filter(({ code }) => code === calls[0].code);
		simulator().dataset.add(...bad.map((record) => ({ ...record, terminationCode: '503' })));
		const { startTime, endTime } = { startTime: '2026-10-21T20:00:00', endTime: '2026-11-20T19:59:59' };
		const range = { timeRange: 'custom', startTime, endTime };
		const report = async (compareWith: string) => {
			const { items } = await runNode({ operation: 'report', ...range, compareWith });
			return items[0].json as { causes: Array<Record<string, unknown>>; text: string; html: string };
		};
		const { causes, text, html } = await report('previousPeriod');
		expect(causes[0]).toMatchObject({ figure: 'failed', dimension: 'area', value: bad[0].code });
		expect(causes[0].failed).toBe(causes[0].calls);
		expect(text).toContain('Failures rose by ');
		expect(html).toContain('What changed');
		const alone = await report('nothing');
		expect(alone.causes).toEqual([]);
		expect(alone.text + alone.html).not.toMatch(/rose by \d|What changed/);
	});

	it('summarizes by day in the zone of the workflow, or in the chosen one', async () => {
		const days = async (timezone: string, options: INodeParameters = {}) => {
			const { items } = await summarize({ timeRange: 'last7Days', groupBy: ['day'], options }, { timezone });
			return items.map(({ json }) => [json.day, json.calls]);
		};
		const expected = (offsetHours: number) => {
			const dayOf = (ms: number) => new Date(ms + offsetHours * 3_600_000).toISOString().slice(0, 10);
			const range = LAST_7_DAYS_MS;
			const days = known(range).map(({ submitTime }) => dayOf(Date.parse(submitTime!)));
			return Array.from({ length: 8 }, (_, at) => dayOf(range[0] + at * DAY_MS)).map((day) => [
				day,
				days.filter((one) => one === day).length,
			]);
		};
		expect(await days('Asia/Singapore')).toEqual(expected(8));
		expect(await days('America/New_York')).toEqual(expected(-5));
		expect(await days('America/New_York', { timezone: 'Asia/Singapore' })).toEqual(expected(8));
	});

	it('compares days with those of the week before, reading each time once', async () => {
		const parameters = { timeRange: 'yesterday', groupBy: ['day', 'outcome'] };
		const { items, run } = await summarize({ ...parameters, compareWith: 'weekEarlier' });
		const day = (ms: number) => known([ms, ms + DAY_MS - 1000]).filter(({ terminationCode }) => !/^(200|0)$/.test(`${terminationCode}`)).length; // prettier-ignore
		const yesterday = Date.parse('2026-11-19T00:00:00+08:00');
		expect(items.find(({ json }) => json.outcome === 'failed')?.json).toMatchObject({
			day: '2026-11-19',
			calls: day(yesterday),
			previousCalls: day(yesterday - 7 * DAY_MS),
		});
		const ranges = simulator().requests.map(
			({ body }) => (body as { params: { strTime: string } }).params.strTime,
		);
		expect(ranges).toEqual(['2026-11-18T23:59:59+08:00', '2026-11-11T23:59:59+08:00']);
		expect(run.data.resultData.runData['ITNIO TECH'][0].hints).toMatchObject([
			{ message: 'Time range: 2026-11-19 00:00:00 to 2026-11-19 23:59:59 (Asia/Singapore)' },
			{ message: 'Compared with 2026-11-12 00:00:00 to 2026-11-12 23:59:59 (Asia/Singapore)' },
			{ message: expect.stringMatching(/^Items with costs in several currencies: 1\./) as string },
		]);
	});

	it('says what it cannot compare with, and leaves it null', async () => {
		const range = { timeRange: 'custom', startTime: '2026-09-20T17:00:00', endTime: '2026-11-19' };
		const result = await summarize({ ...range, compareWith: 'previousPeriod' });
		expect(result.items[0].json).toMatchObject({ previousCalls: null, callsChange: null });
		expect(hintsOf(result)).toEqual([
			expect.stringMatching(/two months, so there is nothing to compare with/),
			expect.stringMatching(/^Items with costs in several currencies: 1\./),
		]);
	});

	it('outputs a report as a file too, in the field of choice', async () => {
		const options = { attachFile: true, binaryPropertyName: 'report' };
		const withFile = await runNode({ operation: 'report', options });
		const { items } = withFile;
		expect(items).toHaveLength(1);
		expect(items[0].binary?.report).toMatchObject({
			fileName: 'call-report_2026-11-19_2026-11-19.html',
			mimeType: 'text/html',
			fileType: 'html',
		});
		expect(contentOf(items[0], 'report')).toBe(items[0].json.html);
		const without = await runNode({ operation: 'report' });
		expect(without.items[0].binary).toBeUndefined();
		const advice = 'To see the report as a reader does, turn on Options → "Attach File"';
		expect([withFile, without].map((result) => hintsOf(result).join().includes(advice))).toEqual([
			false,
			true,
		]);
		expect(Object.keys(without.items[0].json).at(-1)).toBe('html');
	});

	it('names the files of reports by both ends of their range, and by their item', async () => {
		const namesOf = async (parameters: INodeParameters, input?: IDataObject[]) => {
			const options = { attachFile: true };
			const { items } = await runNode({ operation: 'report', options, ...parameters }, { input });
			return items.map(({ binary }) => binary?.data.fileName);
		};
		expect(await namesOf({ timeRange: 'lastWeek' })).toEqual(['call-report_2026-11-09_2026-11-15.html']);
		expect(await namesOf({ timeRange: 'lastHour' })).toEqual([
			expect.stringMatching(/^call-report_2026-11-\d\dT\d{4}_2026-11-20T\d{4}\.html$/),
		]);
		expect(await namesOf({}, [{}, {}])).toEqual([
			'call-report_2026-11-19_2026-11-19_item1.html',
			'call-report_2026-11-19_2026-11-19_item2.html',
		]);
	});

	it('summarizes no calls as one row of zeros', async () => {
		simulator().dataset = listDataset([]);
		const { items } = await summarize({ timeRange: 'yesterday', groupBy: ['area'] });
		expect(items).toMatchObject([{ json: { area: null, calls: 0, asr: null, cost: 0 } }]);
	});

	it('applies the filters to summaries and files', async () => {
		const filters = { outcome: 'failed', area: 'kandahar' };
		const wanted = known([NOW_MS - 31 * DAY_MS + 1000, NOW_MS])
			.filter(({ terminationCode }) => !/^(200|0)$/.test(`${terminationCode}`))
			.filter(({ code }) => code === 'Afghanistan(Kandahar)');
		expect(wanted.length).toBeGreaterThan(3);
		const summary = await summarize({ timeRange: 'last31Days', filters });
		expect(summary.items[0].json).toMatchObject({ calls: wanted.length, failed: wanted.length, answered: 0 });
		const files = await exported({ timeRange: 'last31Days', filters });
		expect(idsOf(tableOf(files.items[0]))).toEqual(idsOf(wanted));
	});

	it.each<[string, INodeParameters, string, string]>([
		['an unknown group', { operation: 'summarize', groupBy: ['day', 'year'] }, 'Unknown value for "Group By": year', 'Choose from: day'], // prettier-ignore
		['an unknown column', { options: { columns: ['price'] } }, 'Unknown value for "Columns": price', 'Choose from: submitTime'], // prettier-ignore
		['an unknown comparison', { operation: 'summarize', compareWith: 'lastYear' }, 'Unknown value for "Compare With": lastYear', 'nothing, previousPeriod, weekEarlier'], // prettier-ignore
		['an unknown order', { operation: 'summarize', options: { sortBy: 'area' } }, 'Unknown value for "Sort By": area', 'keys, calls'], // prettier-ignore
		['a fraction of a group', { operation: 'summarize', options: { maxGroups: 1.5 } }, '"Max Groups" must be a whole number of 0 or more', 'The current value is 1.5'], // prettier-ignore
		['an unknown section', { operation: 'report', sections: ['costs'] }, 'Unknown value for "Sections": costs', 'Choose from: overview, causes, trend'], // prettier-ignore
		['a report with no rows', { operation: 'report', options: { topN: 0 } }, '"Max Rows per Section" must be a whole number from 1 to 1,000', 'The current value is 0'], // prettier-ignore
		['an unknown comparison of a report', { operation: 'report', compareWith: 'lastYear' }, 'Unknown value for "Compare With": lastYear', 'nothing, previousPeriod, weekEarlier'], // prettier-ignore
		['a title that is a list', { operation: 'report', title: '={{ ["a"] }}' }, '"Title" must be text or a number, not a list', 'Enter a text'], // prettier-ignore
		['a short call of less than nothing', { operation: 'summarize', options: { shortCallSeconds: -1 } }, '"Short Call (Seconds)" must be a whole number of 0 or more', 'The current value is -1'], // prettier-ignore
		[
			'an unknown format',
			{ format: '={{ "xlsx" }}' },
			'Unknown value for "Format": xlsx',
			'Choose from: csv, ndjson',
		],
		['files of no records', { options: { maxRecordsPerFile: 0 } }, '"Max Records per File" must be a whole number of 1 or more', 'The current value is 0'], // prettier-ignore
	])('refuses %s before anything is sent, naming the field', async (_, parameters, message, description) => {
		const { items, error } = await exported({ timeRange: 'yesterday', ...parameters });
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining(message),
			description: expect.stringContaining(description),
			context: { itemIndex: 0 },
		});
		expect([items, simulator().requests]).toEqual([[], []]);
	});

	it('pairs each row of a summary with the input item it belongs to', async () => {
		const { items } = await summarize(
			{ timeRange: 'yesterday', groupBy: '={{ $json.by }}' },
			{ input: [{ by: [] }, { by: ['day'] }, { by: 'outcome' }] },
		);
		expect(items.map(({ json, pairedItem }) => [json.day ?? json.outcome, pairedItem])).toEqual([
			[undefined, { item: 0 }],
			['2026-11-19', { item: 1 }],
			['answered', { item: 2 }],
			['failed', { item: 2 }],
		]);
	});

	it('makes no file and no row from an incomplete list', async () => {
		const store = jest.spyOn(BinaryDataService.prototype, 'store');
		for (const report of [exported, summarize]) {
			handOutTooFew();
			const { items, error } = await report({ timeRange: 'last24Hours' });
			expect(error?.message).toBe(INCOMPLETE);
			expect(items).toEqual([]);
		}
		expect(store).not.toHaveBeenCalled();
	});
});
