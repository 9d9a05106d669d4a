import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { listDataset, type WireRecord } from '../simulator/dataset';
import type { RunResult } from './support/engine';
import { hintsOf, idsOf, useReports } from './support/summaries';
import { call, OPEN } from '../support/calls';
import { DAY_MS, HOUR_MS, NOW_MS } from '../support/times';

const isoOf = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');

describe('what was asked for in other words, in n8n’s engine', () => {
	const { simulator, run, query, summarize, exported, known } = useReports();
	const answered = (voiceId: string, fields: Partial<WireRecord> = {}) =>
		call(voiceId, -60_000, {
			terminationCode: '200',
			terminationReason: undefined,
			callDuration: 60,
			cost: '1',
			...fields,
		});
	const listed = (...calls: WireRecord[]) => (simulator().dataset = listDataset(calls));
	const ranges = () =>
		simulator().requests.map(({ body }) => {
			const { strTime, endTime } = (body as { params: Record<string, string> }).params;
			return [strTime, endTime].map((time) => isoOf(Date.parse(time)));
		});

	it.each<[string, INodeParameters]>([
		['text for truth values', { returnAll: '={{ "true" }}', limit: 2, simplify: '={{ "false" }}' }],
		['an option of another operation', { options: { columns: ['cost'] }, simplify: false }],
		[
			'what it does not have, which n8n removes',
			{ filters: { foo: 'x' }, options: { foo: 1 }, simplify: false },
		],
	])('understands %s', async (_, parameters) => {
		const { items, error } = await query({ timeRange: 'last7Days', ...parameters });
		expect(error).toBeUndefined();
		const all = known([NOW_MS - 7 * DAY_MS + 1000, NOW_MS]);
		expect(items.map(({ json }) => json.voiceId)).toEqual(idsOf(all));
		expect(items[0].json).toHaveProperty('callee');
	});

	it('limits when "Return All" is the text "false"', async () => {
		const limited = await query({ timeRange: 'last7Days', returnAll: '={{ "false" }}', limit: 2 });
		expect(limited.items).toHaveLength(2);
	});

	it('finds numbers and texts that are written differently', async () => {
		listed(
			answered('1', { callee: '442079460012', code: 'México(Centro)' }),
			answered('2', { callee: '15550100', code: 'India(Uttar Pradesh)' }),
			answered('3', { callee: '15550101', code: 'Peru' }),
		);
		const found = async (filters: INodeParameters) =>
			(await query({ timeRange: 'lastHour', filters })).items.map(({ json }) => json.voiceId).sort();
		expect(await found({ calledNumber: '0044 (0)20 7946 0012' })).toEqual(['1']);
		expect(await found({ calledNumber: '011442079460012; +1 555 0100' })).toEqual(['1', '2']);
		expect(await found({ calledNumber: '={{ ["15550100", 15550101] }}' })).toEqual(['2', '3']);
		expect(await found({ area: 'méxico' })).toEqual(['1']);
		expect(await found({ area: 'uttar pradesh' })).toEqual(['2']);
	});

	it.each([
		['terminationCode', '={{ [$json.nope] }}', 'Termination Code'],
		['calledInfo', '={{ $json.nope }}', 'Called Info'],
		['calledNumber', ' , ', 'Called Number'],
		['area', { __rl: true, mode: 'text', value: '={{ $json.nope }}' }, 'Area'],
	])('says in a hint that the filter %s has no value', async (name, value, displayName) => {
		const run = await query({ timeRange: 'last7Days', filters: { [name]: value } });
		expect(hintsOf(run)).toEqual([
			`Not applied, because the filter has no value: ${displayName}. Check the expression, or remove the filter.`,
		]);
		expect(hintsOf(await query({ timeRange: 'last7Days', filters: { [name]: '' } }))).toEqual([]);
	});

	it.each([
		['query', 'timezone', 'Timezone'],
		['query', 'fields', 'Fields'],
		['summarize', 'pageSize', 'Page Size'],
		['report', 'topN', 'Max Rows per Section'],
		['export', 'binaryPropertyName', 'Put Output File in Field'],
		['get', 'timezone', 'Timezone'],
	])('says in a hint that in %s the option %s has no value', async (operation, name, displayName) => {
		const [{ voiceId }] = known([NOW_MS - DAY_MS, NOW_MS]);
		const hintsWith = async (value: string) =>
			hintsOf(await run({ operation, voiceId, timeRange: 'last7Days', format: 'csv', compareWith: 'nothing', options: { [name]: value } }));
		const hint = `The default applies, because the option has no value: ${displayName}. Check the expression, or remove the option.`;
		expect(await hintsWith('={{ $json.nope }}')).toContain(hint);
		if (name === 'timezone') expect(await hintsWith('')).not.toContain(hint);
	}); // prettier-ignore

	it.each(['.', '..', ' .. '])('looks up no record with the ID %p', async (voiceId) => {
		const { error } = await query({ operation: 'get', voiceId });
		expect(error?.message).toBe(`"Voice ID" is not a valid ID: ${voiceId.trim()}`);
		expect(simulator().requests).toEqual([]);
	});

	it('has one present for all items, so that equal items have equal results', async () => {
		let nowMs = NOW_MS;
		jest.spyOn(Date, 'now').mockImplementation(() => (nowMs += 200));
		listed(
			...Array.from({ length: 60 }, (_, index) =>
				answered(`${index}`, { submitTime: isoOf(NOW_MS + index * 1000) }),
			),
		);
		await query({ timeRange: 'last24Hours' }, { input: Array.from({ length: 8 }, () => ({})) });
		expect(new Set(ranges().map(([from]) => from)).size).toBe(1);
	});

	it('finds a country and a reference by the whole of them', async () => {
		listed(
			answered('1', { code: 'Oman(Omantel)', calledInfo: 'campaign-1' }),
			answered('2', { code: 'Romania(Orange)', calledInfo: 'campaign-10' }),
			answered('3', { code: 'Congo (Kinshasa)(Vodacom)', calledInfo: 'n8n-campaign-1' }),
			answered('4', { code: 'Congo (Brazzaville)(Airtel)' }),
		);
		const found = async (filters: INodeParameters) =>
			(await query({ timeRange: 'lastHour', filters })).items.map(({ json }) => json.voiceId).sort();
		expect(await found({ country: 'oman' })).toEqual(['1']);
		expect(await found({ country: { __rl: true, mode: 'list', value: 'Congo (Kinshasa)' } })).toEqual(['3']);
		expect(await found({ country: 'Romania, Congo (Brazzaville)' })).toEqual(['2', '4']);
		expect(await found({ calledInfo: 'campaign-1' })).toEqual(['1']);
		expect(await found({ calledInfo: 'campaign-*' })).toEqual(['1', '2']);
		expect(await found({ calledInfo: '*campaign-1' })).toEqual(['1', '3']);
	});

	it.each(['text', 'number'] as const)(
		'outputs the newest fields of a record, as %s',
		async (newestFields) => {
			simulator().behaviour.newestFields = newestFields;
			listed(answered('1'), answered('2', { callStatus: 40, terminationReason: 'machine' }));
			const fields = ['voiceId', 'outcome', 'reason', 'callStatus', 'taskId', 'sourceTaskId', 'type', 'ringDuration', 'intent']; // prettier-ignore
			const { items } = await query({ timeRange: 'lastHour', options: { fields } });
			const ids = { taskId: '2203031113381000777', sourceTaskId: '2203031113381000666' };
			const others = { ...ids, type: '1', ringDuration: 0, intent: null };
			expect(items.map(({ json }) => json)).toEqual(
				expect.arrayContaining([
					{ voiceId: '1', outcome: 'answered', reason: '200', callStatus: '50', ...others },
					{ voiceId: '2', outcome: 'voicemail', reason: '200 machine', callStatus: '40', ...others },
				]),
			);
			const found = await query({ timeRange: 'lastHour', filters: { outcome: 'voicemail' } });
			expect(idsOf(found.items.map(({ json }) => json as WireRecord & IDataObject))).toEqual(['2']);
		},
	);

	it.each([
		['query', () => query],
		['summarize', () => summarize],
		['export', () => exported],
	])('says in a hint of %s that nothing matched the filters', async (_, operation) => {
		const filters = { calledNumber: '15559999' };
		const count = known([NOW_MS - 7 * DAY_MS + 1000, NOW_MS]).length;
		const none = await operation()({ timeRange: 'last7Days', filters });
		const inEnglish = (number: number) => number.toLocaleString('en-US');
		expect(hintsOf(none)).toEqual([`0 of ${inEnglish(count)} records matched the filters`]);
		listed(answered('1'));
		const one = await operation()({ timeRange: 'last7Days', filters });
		expect(hintsOf(one)).toEqual(['0 of 1 record matched the filters']);
		const some = await operation()({ timeRange: 'last7Days', filters: { outcome: 'answered' } });
		// A total of several currencies has a hint, too.
		expect(hintsOf(some).filter((hint) => hint.includes('matched'))).toEqual([]);
		listed();
		expect(hintsOf(await operation()({ timeRange: 'last7Days', filters }))).toEqual([]);
	});

	it('says in a hint which range was read, with its zone, and how many calls have not ended', async () => {
		simulator().behaviour.listsOngoingCalls = true;
		listed(answered('1'), answered('2', OPEN), answered('3', OPEN));
		const allHints = ({ run }: RunResult) =>
			(run.data.resultData.runData['ITNIO TECH'][0].hints ?? []).map(({ message }) => message);
		expect(allHints(await query({ timeRange: 'lastHour' }))).toEqual([
			'Time range: 2026-11-20 15:00:01 to 2026-11-20 16:00:00 (Asia/Singapore)',
			'Calls that have not ended yet: 2',
		]);
		const options = { timezone: 'Europe/Berlin' };
		const several = await query({ timeRange: 'today', options }, { input: [{}, {}], timezone: undefined });
		expect(allHints(several)).toContain(
			'Time range: 2026-11-20 00:00:00 to 2026-11-20 09:00:00 (Europe/Berlin)',
		);
		expect(allHints(several).filter((hint) => hint.startsWith('Time range'))).toHaveLength(1);
		const without = await query({ timeRange: 'lastHour' }, { timezone: undefined });
		expect(allHints(without)[0]).toMatch(/\(.+, the default of n8n because the workflow sets no timezone\)$/);
		const zone = /\((.+?),/.exec(allHints(without)[0])![1];
		const own = await query({ timeRange: 'lastHour', options: { timezone: zone } }, { timezone: undefined });
		expect(allHints(own)[0].endsWith(` (${zone})`)).toBe(true);
	});

	it.each([
		['query', () => query],
		['summarize', () => summarize],
		['export', () => exported],
	])('says what %s read for many input items in one hint of a kind', async (_, operation) => {
		simulator().behaviour.listsOngoingCalls = true;
		listed(answered('1', OPEN));
		const input = Array.from({ length: 20 }, (_item, index) => ({
			timeRange: index % 2 ? 'last24Hours' : 'yesterday',
			outcome: index % 4 < 2 ? 'all' : 'failed',
		}));
		const parameters = { timeRange: '={{ $json.timeRange }}', filters: { outcome: '={{ $json.outcome }}' } };
		const { run, error } = await operation()(parameters, { input });
		expect(error).toBeUndefined();
		const hints = (run.data.resultData.runData['ITNIO TECH'][0].hints ?? []).map(({ message }) => message);
		expect(hints).toEqual([
			'Time ranges of 20 input items, all within: 2026-11-19 00:00:00 to 2026-11-20 16:00:00 (Asia/Singapore)',
			'No record matched the filters, for 5 of 20 input items',
			'Calls that have not ended yet, in 5 of 20 input items',
		]);
	});

	it('starts a range of two months where ITNIO has records, and says so', async () => {
		const startTime = '2026-09-20T08:00:30Z';
		const result = await query({ timeRange: 'custom', startTime, endTime: isoOf(NOW_MS) });
		expect(result.error).toBeUndefined();
		expect(hintsOf(result)).toEqual([expect.stringContaining('starts at 2026-09-20 16:01:00')]);
		expect(ranges().flat().sort()[0]).toBe('2026-09-20T08:00:59Z');
	});

	it.each<[string, IDataObject[], number | null, number | null, string[]]>([
		[
			'an unbilled call',
			[{ cost: '0.5' }, { cost: '0.5' }, { cost: null }],
			null,
			60,
			['Calls without a cost yet: 1.'],
		],
		['unbilled calls', [{ cost: null }, { cost: null }], null, 60, ['Calls without a cost yet: 2.']],
		['impossible durations', [{ callDuration: '00:01:05' }, {}], 2, 60, ['not possible: 1.']],
		['missing durations', [{ callDuration: null }, {}], 2, 60, ['missing or not possible: 1.']],
		['currencies', [{ currency: 'usd' }, { currency: 'US$' }, { currency: 'USD' }], 3, 60, []],
	])('sums up %s', async (_, fields, cost, acd, hints) => {
		listed(...fields.map((one, index) => answered(`${index}`, one as Partial<WireRecord>)));
		const result = await summarize({ timeRange: 'lastHour' });
		expect(result.items).toMatchObject([{ json: { calls: fields.length, cost, acd } }]);
		expect(hintsOf(result)).toEqual(hints.map((hint) => expect.stringContaining(hint) as string));
	});

	it('outputs an incomplete list where that is chosen, and says what is missing', async () => {
		const rows = known([NOW_MS - 30 * DAY_MS, NOW_MS]).slice(0, 3);
		const data = { total: 4, pages: 1, current: 1, size: 100, searchCount: true, records: rows };
		const body = JSON.stringify({ status: '0', data });
		const answers = Array(5).fill({ kind: 'body', body }) as never[];
		simulator().failNext(...answers);
		const result = await query({ timeRange: 'last24Hours', options: { incompleteLists: 'continue' } });
		expect(result.error).toBeUndefined();
		expect(result.items).toHaveLength(3);
		expect(hintsOf(result)).toEqual([
			'ITNIO TECH counts 4 call records but lists 3, the same each time, from 2026-11-19T16:00:00+08:00 to 2026-11-20T16:00:00+08:00. What it listed is included.',
		]);
	});

	describe.each([
		['behind', 2 * HOUR_MS],
		['ahead of', -2 * HOUR_MS],
	])('with a clock of the server that is %s the one of the service', (direction, clockSkewMs) => {
		const serviceNow = NOW_MS + clockSkewMs;
		const skew = (timestampWindowMs: number) =>
			Object.assign(simulator().behaviour, { clockSkewMs, timestampWindowMs });
		const hint = `The clock of this n8n server is 120 minutes ${direction} ITNIO TECH's clock. The time range goes by ITNIO TECH's clock.`;
		const recent = () =>
			listed(
				answered('in', { submitTime: isoOf(serviceNow - 60_000) }),
				answered('out', { submitTime: isoOf(serviceNow - HOUR_MS - 60_000) }),
			);

		it('starts over with the range of the service, once for all later runs', async () => {
			skew(1e12);
			recent();
			const first = await query({ timeRange: 'lastHour' });
			expect(first.items.map(({ json }) => json.voiceId)).toEqual(['in']);
			expect(hintsOf(first)).toEqual([hint]);
			const asked = [isoOf(serviceNow - HOUR_MS), isoOf(serviceNow)];
			expect(ranges().slice(1)).toEqual([[asked[0], expect.any(String)]]);
			expect(ranges()).toHaveLength(2);

			// Answers take more or less time, so what is learnt differs by seconds.
			simulator().behaviour.clockSkewMs += 5000;
			const second = await summarize({ timeRange: 'lastHour' });
			expect(second.items).toMatchObject([{ json: { calls: 1 } }]);
			expect(hintsOf(second)).toEqual([hint]);
			expect(ranges()).toHaveLength(3);
		});

		it.each([
			['query', () => query],
			['summarize', () => summarize],
			['export', () => exported],
		])('takes the start of a custom range for what it is to the service: %s', async (_, operation) => {
			skew(1e12);
			recent();
			const [startTime, endTime] = [serviceNow - HOUR_MS, serviceNow].map(isoOf);
			const result = await operation()({ timeRange: 'custom', startTime, endTime });
			expect(result.error).toBeUndefined();
			expect(hintsOf(result)).toEqual([hint]);
			expect(ranges().at(-1)).toEqual([isoOf(serviceNow - HOUR_MS - 1000), endTime]);
		});

		it('refuses a start that is in the future to the service, too', async () => {
			skew(1e12);
			const [startTime, endTime] = [serviceNow + HOUR_MS, serviceNow + 2 * HOUR_MS].map(isoOf);
			const result = await query({ timeRange: 'custom', startTime, endTime });
			expect(result.error).toMatchObject({ message: '"Start Time" is in the future' });
		});

		it('names the file after the range of the service', async () => {
			skew(1e12);
			recent();
			const { items } = await exported({ timeRange: 'lastHour' }, { timezone: 'UTC' });
			const time = (ms: number) => isoOf(ms).slice(0, 16).replace(':', '');
			const [from, to] = [serviceNow - HOUR_MS, serviceNow].map(time);
			expect(items).toMatchObject([{ json: { records: 1, fileName: `voice-records_${from}_${to}.csv` } }]);
		});

		it('starts over where the service refused the time of the server first', async () => {
			skew(60_000);
			recent();
			const result = await query({ timeRange: 'lastHour' });
			expect(result.items.map(({ json }) => json.voiceId)).toEqual(['in']);
			expect(hintsOf(result)).toEqual([hint]);
		});
	});

	it.each([
		[60_000, '1 minute behind'],
		[-100_000, '2 minutes ahead of'],
	])('says by how much the clock of the server is off: %d ms', async (clockSkewMs, words) => {
		simulator().behaviour.clockSkewMs = clockSkewMs;
		const [hint] = hintsOf(await query({ timeRange: 'lastHour' }));
		expect(hint).toContain(`server is ${words} ITNIO TECH's clock.`);
	});

	it('sends no request more where the clocks agree', async () => {
		simulator().behaviour.clockSkewMs = 30_000;
		const result = await query({ timeRange: 'lastHour' });
		expect([hintsOf(result), simulator().requests.length]).toEqual([[], 1]);
	});
});
