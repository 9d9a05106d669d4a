import { listDataset, type WireRecord } from '../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import { call } from '../support/calls';
import { useTestClock } from '../support/testClock';
import { searchList } from './support/engine';
import { HOUR_MS, NOW_MS } from '../support/times';

const NODES = ['itniotech', 'itniotechTrigger', 'itniotechPushTrigger'];

describe('the lists to choose from', () => {
	let simulator: Simulator;
	useTestClock(NOW_MS);

	beforeEach(async () => {
		simulator = await startSimulator({ dataset: listDataset([]) });
	});
	afterEach(async () => await simulator.stop());

	const callToIndia = (voiceId: string, agoMs: number, fields: Partial<WireRecord> = {}) =>
		call(voiceId, -agoMs, {
			callee: `1555010${voiceId}`,
			displayNum: '15550199',
			code: 'India(Delhi)',
			...fields,
		});
	const search = async (method: string, filter?: string, type = 'itniotech') =>
		await searchList(type, method, {
			credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
			filter,
			timezone: 'Asia/Singapore',
		});

	it('shows the newest calls with their time in the zone of the workflow', async () => {
		simulator.dataset.add(
			callToIndia('1', 2 * HOUR_MS),
			callToIndia('2', HOUR_MS, { terminationCode: '200' }),
			callToIndia('3', 30 * HOUR_MS),
		);
		expect(await search('searchCalls')).toEqual([
			{ name: '2026-11-20 15:00:00 UTC+08:00 · 15550102 · answered', value: '2' },
			{ name: '2026-11-20 14:00:00 UTC+08:00 · 15550101 · failed', value: '1' },
		]);
		expect(simulator.requests).toMatchObject([{ body: { current: 1, size: 100 } }]);
		expect(await search('searchCalls', '0101')).toMatchObject([{ value: '1' }]);
	});

	it.each(['newestFirst', 'oldestFirst'] as const)(
		'begins with the newest of many calls listed %s',
		async (order) => {
			simulator.behaviour.order = order;
			for (let id = 1; id <= 250; id++) simulator.dataset.add(callToIndia(String(id), id * 60_000));
			expect((await search('searchCalls')).slice(0, 100).map(({ value }) => Number(value))).toEqual(
				Array.from({ length: 100 }, (_, index) => index + 1),
			);
			expect(simulator.requests.length).toBeLessThanOrEqual(3);
		},
	);

	it('finds the last pages of campaigns of which some have no ID', async () => {
		const row = (minute: number, hasId = true) => ({
			...(hasId && { jobId: minute }),
			taskName: 'Sale',
			status: 2,
			createdTime: `2026-11-20 10:0${minute}:00`,
		});
		const pages = [1, 4, 7].map((minute) => [row(minute), row(minute + 1, false), row(minute + 2)]);
		for (const records of pages) {
			simulator.failNext({ kind: 'body', body: JSON.stringify({ code: 0, data: { records, total: 9 } }) });
		}
		const found = await search('searchCampaigns');
		expect(simulator.requests).toMatchObject([1, 2, 3].map((current) => ({ body: { current } })));
		expect(found.map(({ value }) => value)).toEqual(['9', '7', '6', '4']);
	});

	it('looks back 31 days when the last day has no calls', async () => {
		simulator.dataset.add(callToIndia('3', 30 * HOUR_MS));
		expect(await search('searchCalls')).toMatchObject([{ value: '3' }]);
		expect(simulator.requests).toHaveLength(2);
	});

	it.each([
		['searchAreas', 'chi', ['Chile'], ['India(Delhi)', 'Chile']],
		['searchCountries', 'chi', ['Chile'], ['India', 'Chile']],
		['searchCalledNumbers', '02', ['15550102'], ['15550101', '15550102']],
		['searchDisplayNumbers', '99', ['15550199'], ['15550199']],
		['searchTerminationCodes', 'not', ['404'], ['486', '404']],
	])('%s shows each value once, narrowed by what is typed', async (method, typed, narrowed, all) => {
		simulator.dataset.add(
			callToIndia('1', HOUR_MS),
			callToIndia('5', 2 * HOUR_MS, { callee: '15550101' }),
			callToIndia('2', 3 * HOUR_MS, {
				code: 'Chile',
				terminationCode: '404',
				terminationReason: 'Not Found',
			}),
			callToIndia('4', 4 * HOUR_MS, { callee: '', code: '', displayNum: '', terminationCode: '' }),
		);
		for (const type of NODES) {
			const valuesOf = async (filter?: string) =>
				(await search(method, filter, type)).map(({ value }) => value);
			expect(await valuesOf()).toEqual(all);
			expect(await valuesOf(typed)).toEqual(narrowed);
		}
	});

	it('finds a call by its ID', async () => {
		simulator.dataset.add(callToIndia('2203', HOUR_MS), callToIndia('4404', HOUR_MS));
		expect(await search('searchCalls', '440')).toMatchObject([{ value: '4404' }]);
	});

	it.each([
		['searchCalls', 'No match in recent calls. Enter a value instead.'],
		['searchAreas', 'No match in recent calls. Enter a value instead.'],
		['searchFiles', 'No match in the list of audio files. Enter an ID instead.'],
		['searchCampaigns', 'No match in recent campaigns. Enter an ID instead.'],
	])(
		'%s does not say that there is nothing where only what is typed matches nothing',
		async (method, note) => {
			simulator.dataset.add(callToIndia('1', HOUR_MS));
			simulator.addTask({ taskName: 'Spring', numbers: [] });
			expect(await search(method, 'zzz')).toEqual([{ name: note, value: '' }]);
			expect((await search(method))[0].value).not.toBe('');
		},
	);

	it('says that nothing can be chosen where no recent call has the value', async () => {
		simulator.dataset.add(callToIndia('1', HOUR_MS, { code: '' }));
		const name = 'Nothing to choose from in recent calls. Enter a value instead.';
		for (const typed of [undefined, 'chi']) {
			expect(await search('searchAreas', typed)).toEqual([{ name, value: '' }]);
		}
	});

	it('says why it is empty instead of throwing', async () => {
		const note = async () => await search('searchAreas');
		const name = 'Nothing to choose from in recent calls. Enter a value instead.';
		expect(await note()).toEqual([{ name, value: '' }]);
		simulator.failNext({ kind: 'status', status: '-30' });
		expect(await note()).toEqual([
			{ name: expect.stringMatching(/^The API key is disabled\. Enable the key/) as string, value: '' },
		]);
		simulator.behaviour.latencyMs = 60_000;
		const timeout = AbortSignal.timeout.bind(AbortSignal);
		const shorter = jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100));
		expect(await note()).toEqual([{ name: 'ITNIO TECH took too long to answer', value: '' }]);
		// As docs/messages.md says.
		expect(Math.min(...shorter.mock.calls.flat())).toBe(10_000);
	});

	it('shows the audio files of the account by their names', async () => {
		const [{ fileId, fileName }] = simulator.behaviour.files;
		expect(await search('searchFiles', 'remind')).toEqual([{ name: fileName, value: fileId }]);
		simulator.behaviour.files = Array.from({ length: 250 }, (_, index) => ({
			fileId: `${index}.mp3`,
			fileName: `file ${index}`,
		}));
		expect(await search('searchFiles')).toHaveLength(250);
		simulator.behaviour.maxSize = 50;
		expect(await search('searchFiles')).toHaveLength(250);
		simulator.behaviour.files = [];
		expect(await search('searchFiles')).toEqual([
			{ name: 'No audio files found. Upload one with "Upload Audio File".', value: '' },
		]);
		simulator.failNext({ kind: 'status', status: '-1' });
		expect(await search('searchFiles')).toMatchObject([{ value: '' }]);
	});
});
