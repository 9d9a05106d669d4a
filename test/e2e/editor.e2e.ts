import { seededDataset } from '../simulator/dataset';
import { Editor } from './support/editor';
import { openOperation, screens } from './support/screens';
import { openStage, type Stage } from './support/stage';
import { until } from './support/waiting';

const NOW = Date.now();
const COLUMNS = [
	'submitTime',
	'calledNumber',
	'area',
	'outcome',
	'reason',
	'callDuration',
	'cost',
	'keyPressed',
	'calledInfo',
	'voiceId',
];

let stage: Stage;
let editor: Editor;

beforeAll(async () => {
	const dataset = seededDataset({ count: 500, from: NOW - 14 * 86_400_000, to: NOW, seed: 2 });
	stage = await openStage({ dataset });
	editor = await Editor.open(stage);
});

afterAll(async () => {
	await editor?.close();
	await stage?.stop();
});

it('the nodes panel finds the node by its name and by industry terms', async () => {
	const found = await screens['nodes-panel'](editor);
	for (const names of Object.values(found)) expect(names.slice(0, 4)).toContain('ITNIO TECH');
	expect(found['ITNIO TECH']).toEqual(['ITNIO TECH', 'ITNIO TECH Push']);
});

it('the editor shows queried voice records in reading order', async () => {
	const [header, ...rows] = await screens.query(editor);
	expect(header.slice(0, COLUMNS.length)).toEqual(COLUMNS);
	expect(rows[0][0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[45]:00$/);
	expect(rows[0][COLUMNS.indexOf('voiceId')]).toMatch(/^\d{19}$/);
});

it('the editor offers the newest calls where one is to be chosen', async () => {
	await openOperation(editor, stage, 'get', 'Get a voice record');
	const call = await editor.chooseFromList('voiceId');
	await editor.execute();
	const table = await editor.outputTable();
	const [, time, number, outcome] =
		/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC[+-]\d\d:\d\d · (\d+) · (\w+)$/.exec(call)!;
	expect(table[1].slice(0, 4)).toMatchObject([
		expect.stringContaining(time.replace(' ', 'T')),
		number,
		expect.anything(),
		outcome,
	]);
});

it('the editor offers codes in a filter, and the node reads on when none was chosen yet', async () => {
	await openOperation(editor, stage, 'query', 'Query voice records');
	await editor.choose('timeRange', 'Last 7 Days');
	await editor.addTo('Add Filter', 'Termination Code');
	await editor.execute();
	const [header] = await editor.outputTable();
	expect(header.slice(0, COLUMNS.length)).toEqual(COLUMNS);
	const code = (await editor.chooseFromList('terminationCode')).split(' ')[0];
	expect(code).toMatch(/^\d{3}$/);
	await editor.execute();
	const codes = async () => {
		const [, ...rows] = await editor.outputTable();
		return [...new Set(rows.map((row) => row[4]?.split(' ')[0]))];
	};
	await until(async () => (await codes()).join() === code);
	expect(await codes()).toEqual([code]);
});

it('the editor shows next to the node what to change in a range', async () => {
	expect(await screens['query-invalid-range'](editor, stage)).toMatch(
		/^"Start Time" is after "End Time"\n.*swap the two/,
	);
});

it('the editor shows a summary by day', async () => {
	const [header, ...rows] = await screens.summarize(editor, stage);
	expect(header.slice(0, 4)).toEqual(['day', 'calls', 'answered', 'failed']);
	expect(rows[0][0]).toMatch(/^\d{4}-\d\d-\d\d$/);
});

it('the editor tries a campaign of all input items without a call', async () => {
	const [header, ...rows] = await screens.campaign(editor, stage);
	const columns = ['campaignId', 'name', 'numbers', 'status', 'reason', 'calledNumber'];
	expect(header.slice(0, columns.length)).toEqual(columns);
	expect(rows.map((row) => row[header.indexOf('status')])).toEqual(['skipped', 'skipped']);
	expect(rows[0].slice(1, 3)).toEqual(['Spring sale', '2']);
});

it('the editor shows how the calls that were placed ended', async () => {
	const [header, ...rows] = await screens.call(editor, stage);
	const shown = rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index]])));
	expect(shown).toMatchObject([
		{
			calledNumber: '15550100',
			status: 'submitted',
			outcome: 'answered',
			keyPressed: '1',
			callDuration: '9',
		},
		{ calledNumber: '15550101', status: 'submitted', outcome: 'failed', reason: '486 Busy Here' },
	]);
});

it('the editor shows a failed call as the sample of the trigger', async () => {
	const [header, row] = await screens.trigger(editor);
	expect(header.slice(0, COLUMNS.length)).toEqual(COLUMNS);
	expect(row[3]).toBe('failed');
});

it('the editor shows a pushed call as the sample of the push trigger', async () => {
	const [header, row] = await screens['push-trigger'](editor, stage);
	expect(header.slice(0, COLUMNS.length)).toEqual(COLUMNS);
	expect(row[COLUMNS.indexOf('voiceId')]).toMatch(/^\d{19}$/);
});

it('the editor says what to do about a wrong address', async () => {
	const nowhere = { ...stage, credentialData: { ...stage.credentialData, baseUrl: 'http://127.0.0.1:9' } };
	expect(await screens.credential(editor, nowhere)).toMatch(
		/ITNIO TECH could not be reached\. Check the internet connection of this n8n server and "Base URL"/,
	);
});

it('the editor says what to do about a wrong secret', async () => {
	expect(await screens['credential-wrong-secret'](editor, stage)).toMatch(
		/did not accept the API key or its signature. Check "API Key", "API Secret" and "Base URL"/,
	);
});

it('the editor tests a new credential', async () => {
	expect(await screens.credential(editor, stage)).toBe('Connection tested successfully');
});
