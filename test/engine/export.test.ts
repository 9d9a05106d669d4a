import { BinaryDataService } from 'n8n-core';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { listDataset } from '../simulator/dataset';
import { DEMO_CREDENTIAL } from '../simulator/simulator';
import { runWorkflow, workflowOf } from './support/engine';
import { LAST_7_DAYS_MS, LONG, LONG_MS, contentOf, idsOf, tableOf, useReports } from './support/summaries';
import { DAY_MS, NOW_MS } from '../support/times';

describe('files of records in n8n’s engine', () => {
	const { simulator, exported, known } = useReports();

	it('exports every record of several windows as a CSV file', async () => {
		const { items, error } = await exported(LONG);
		expect(error).toBeUndefined();
		const all = known(LONG_MS);
		expect(items).toHaveLength(1);
		const [item] = items;
		const bytes = Buffer.from(item.binary!.data.data, 'base64');
		expect(item.json).toEqual({
			fileName: 'voice-records_2026-10-01T0000_2026-11-20T0000.csv',
			records: all.length,
			from: '2026-10-01T00:00:00+08:00',
			to: '2026-11-20T00:00:00+08:00',
			bytes: bytes.length,
		});
		expect(item.binary!.data).toMatchObject({
			fileName: item.json.fileName,
			mimeType: 'text/csv',
			fileExtension: 'csv',
		});
		expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
		const rows = tableOf(item);
		expect(rows).toEqual(
			all.map(({ code, callee, ...wire }) => {
				const outcome = /^(200|0)$/.test(`${wire.terminationCode}`) ? 'answered' : 'failed';
				const calledInfo = wire.calledInfo?.replace(/^=/, "'=");
				const country = code?.replace(/\(.*/, '');
				const keyPressed = wire.feedbackValue === '-1' ? '' : wire.feedbackValue;
				const reason = `${wire.terminationCode} ${wire.terminationReason}`;
				const cells: Record<string, unknown> = { ...wire, reason, area: code, country, calledNumber: callee, outcome, calledInfo, keyPressed }; // prettier-ignore
				const value = (name: string) => cells[name];
				return Object.fromEntries(Object.keys(rows[0]).map((name) => [name, String(value(name) ?? '')]));
			}),
		);
	});

	it('exports the records as the API sends them to NDJSON, with other fields and names as chosen', async () => {
		const { items } = await exported({
			timeRange: 'last7Days',
			format: 'ndjson',
			options: { binaryPropertyName: 'calls', timezone: 'UTC' },
		});
		const wire = known(LAST_7_DAYS_MS);
		const lines = contentOf(items[0], 'calls').trimEnd().split('\n');
		const read = lines.map((line) => JSON.parse(line) as IDataObject);
		expect(read.map(({ voiceId }) => voiceId)).toEqual(idsOf(wire));
		expect(read[0]).toMatchObject(JSON.parse(JSON.stringify(wire[0])) as object);
		expect(items[0].json.fileName).toBe('voice-records_2026-11-13T0800_2026-11-20T0800.ndjson');
		expect(items[0].binary!.calls.mimeType).toBe('application/x-ndjson');
	});

	it('exports the chosen columns in their order, without byte order mark and escaping if both are off', async () => {
		const submitTime = '2026-11-19T12:00:00+08:00';
		simulator().dataset = listDataset([
			{ voiceId: '2203031113381000002', submitTime, cost: '0.10', calledInfo: '=1', terminationCode: '486' },
		]);
		const options = { columns: ['cost', 'calledInfo', 'outcome', 'voiceId'] };
		const off = { ...options, byteOrderMark: false, escapeFormulas: false };
		const [on, plain] = [
			await exported({ timeRange: 'yesterday', options }),
			await exported({ timeRange: 'yesterday', options: off }),
		];
		const head = 'cost,calledInfo,outcome,voiceId\r\n';
		expect(contentOf(on.items[0])).toBe(`\uFEFF${head}0.10,'=1,failed,2203031113381000002\r\n`);
		expect(contentOf(plain.items[0])).toBe(`${head}0.10,=1,failed,2203031113381000002\r\n`);
	});

	it.each([
		[100, 30, [30, 30, 30, 10]],
		[90, 30, [30, 30, 30]],
		[3, 1, [1, 1, 1]],
	])('splits %d records into files of up to %d', async (count, maxRecordsPerFile, expected) => {
		const all = known([NOW_MS - 60 * DAY_MS, NOW_MS]).slice(0, count);
		const submitTime = '2026-11-19T12:00:00+08:00';
		simulator().dataset = listDataset(all.map((one) => ({ ...one, submitTime, callTime: submitTime })));
		const { items } = await exported({ timeRange: 'yesterday', options: { maxRecordsPerFile } });
		expect(items.map(({ json }) => json.records)).toEqual(expected);
		expect(items.map((item) => tableOf(item).length)).toEqual(expected);
		expect(items.flatMap((item) => idsOf(tableOf(item))).sort()).toEqual(idsOf(all).sort());
		expect(items.map(({ json }) => json.fileName)).toEqual(
			expected.map((_, at) => `voice-records_2026-11-19_2026-11-19${at > 0 ? `_${at + 1}` : ''}.csv`),
		);
		expect(items.every((item) => item.json.bytes === Buffer.byteLength(contentOf(item)))).toBe(true);
	});

	it.each([
		['csv', { columns: ['voiceId', 'cost'] }, '\uFEFFvoiceId,cost\r\n'],
		['ndjson', {}, ''],
	])('exports no records to %s as one file with its header', async (format, options, expected) => {
		simulator().dataset = listDataset([]);
		const { items } = await exported({ timeRange: 'yesterday', format, options });
		expect(items).toHaveLength(1);
		expect(items[0].json).toMatchObject({ records: 0, bytes: Buffer.byteLength(expected) });
		expect(contentOf(items[0])).toBe(expected);
	});

	it('continues after an item that failed if the node is set to continue, and pairs each item', async () => {
		const { items, error } = await exported(
			{ timeRange: 'last7Days', options: { maxRecordsPerFile: '={{ $json.max }}' } },
			{
				input: [{ max: 0 }, { max: 70 }],
				settings: { onError: 'continueRegularOutput' },
			},
		);
		expect(error).toBeUndefined();
		const count = known(LAST_7_DAYS_MS).length;
		expect(items.map(({ json, pairedItem }) => [json.records, pairedItem])).toEqual([
			[undefined, { item: 0 }],
			[70, { item: 1 }],
			[count - 70, { item: 1 }],
		]);
		expect(items[0].json.error).toContain('"Max Records per File"');
		expect(items[0].binary).toBeUndefined();
	});

	it('says which file the binary storage of n8n refused, and what to check', async () => {
		jest
			.spyOn(BinaryDataService.prototype, 'store')
			.mockRejectedValue(new Error('ENOSPC: no space left on device'));
		const { items, error } = await exported({ timeRange: 'yesterday' });
		expect(error).toMatchObject({
			message: 'n8n could not store the file voice-records_2026-11-19_2026-11-19.csv',
			description: expect.stringMatching(/^Check the disk space .*ENOSPC: no space left on device/),
			context: { itemIndex: 0 },
		});
		expect(items).toEqual([]);
	});

	const namesOf = async (...args: Parameters<typeof exported>) =>
		(await exported(...args)).items.map(({ json }) => String(json.fileName));

	it('names files by the minute where the range is not of whole days', async () => {
		const hour = (startTime: string, endTime: string, timezone?: string) =>
			namesOf({ timeRange: 'custom', startTime, endTime }, { timezone });
		expect(await hour('2026-11-19T08:00:00', '2026-11-19T08:59:59')).toEqual([
			'voice-records_2026-11-19T0800_2026-11-19T0859.csv',
		]);
		expect(await hour('2026-11-19T09:00:00', '2026-11-19T09:59:59')).toEqual([
			'voice-records_2026-11-19T0900_2026-11-19T0959.csv',
		]);
		expect(await hour('2026-11-18', '2026-11-19')).toEqual(['voice-records_2026-11-18_2026-11-19.csv']);
		// An hour that occurs twice.
		expect(await hour('2026-11-01T01:00:00-04:00', '2026-11-01T01:30:00-05:00', 'America/New_York')).toEqual([
			'voice-records_2026-11-01T0100-0400_2026-11-01T0130-0500.csv',
		]);
		expect(await namesOf({ timeRange: 'today' })).toEqual([
			'voice-records_2026-11-20T0000_2026-11-20T1600.csv',
		]);
	});

	it('tells the files of several runs of the node apart by their names, as in a loop', async () => {
		const parameters = { operation: 'export', format: 'csv', timeRange: 'yesterday' };
		const file = workflowOf({ resource: 'voiceRecord', ...parameters });
		const [to] = file.connections.Start.main[0]!;
		file.connections.Start.main[0] = [to, to];
		const credential = { ...DEMO_CREDENTIAL, baseUrl: simulator().url };
		const { run } = await runWorkflow(file, { credential, timezone: 'Asia/Singapore' });
		const names = run.data.resultData.runData['ITNIO TECH'].map(
			({ data }) => data?.main[0]?.[0].json.fileName,
		);
		expect(names).toEqual([
			'voice-records_2026-11-19_2026-11-19.csv',
			'voice-records_2026-11-19_2026-11-19_run2.csv',
		]);
	});

	it('tells the files of the items of a run apart by their names', async () => {
		const names = await namesOf(
			{
				timeRange: 'yesterday',
				filters: { outcome: '={{ $json.outcome }}' },
				options: { maxRecordsPerFile: 3 },
			},
			{ input: [{ outcome: 'failed' }, { outcome: 'answered' }] },
		);
		expect(new Set(names).size).toBe(names.length);
		expect(names[0]).toBe('voice-records_2026-11-19_2026-11-19_item1.csv');
		expect(names[1]).toBe('voice-records_2026-11-19_2026-11-19_item1_2.csv');
		expect(names).toContain('voice-records_2026-11-19_2026-11-19_item2.csv');
	});

	it.each([
		['semicolon', ';'],
		['tab', '\t'],
		['comma', ','],
	])('separates columns by %s', async (delimiter, sign) => {
		simulator().dataset = listDataset([
			{
				voiceId: '1',
				submitTime: '2026-11-19T12:00:00+08:00',
				terminationCode: '200',
				calledInfo: { order: 7 } as never,
				code: 'x;"=1+1\t=2',
			},
		]);
		const options = {
			delimiter,
			columns: ['voiceId', 'area', 'calledInfo'],
			byteOrderMark: '={{ "false" }}',
		};
		const { items } = await exported({ timeRange: 'yesterday', options });
		expect(contentOf(items[0])).toBe(
			`voiceId${sign}area${sign}calledInfo\r\n1${sign}"x;""${sign === ';' ? '' : "'"}=1+1\t${sign === '\t' ? '' : "'"}=2"${sign}"{""order"":7}"\r\n`,
		);
	});

	it.each<[string, INodeParameters, string]>([
		['a delimiter', { delimiter: '|' }, 'Unknown value for "Delimiter": |'],
		['a switch', { escapeFormulas: '={{ "no" }}' }, 'Unknown value for "Escape Formulas": no'],
		[
			'a name of a field',
			{ binaryPropertyName: '={{ ["data"] }}' },
			'"Put Output File in Field" must be text',
		],
	])('refuses %s that it does not know before anything is sent', async (_, options, message) => {
		const { items, error } = await exported({ timeRange: 'yesterday', options });
		expect(error?.message).toContain(message);
		expect([items, simulator().requests]).toEqual([[], []]);
	});
});
