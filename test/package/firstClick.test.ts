/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import type { INode, IWorkflowBase } from 'n8n-workflow';

const FOLDER = join(__dirname, '../../examples');

/** Which trigger n8n's editor selects: the highest, the first of several (source: its `findTriggerNodeToAutoSelect`). */
const PRIORITIES: Record<string, number> = {
	formTrigger: 10,
	webhook: 9,
	itniotechTrigger: 8,
	itniotechPushTrigger: 8,
	scheduleTrigger: 7,
	manualTrigger: 6,
	executeWorkflowTrigger: 5,
	errorTrigger: 4,
	chatTrigger: 0,
};

const priorityOf = ({ type }: INode) => PRIORITIES[type.split('.')[1]];
const isTrigger = ({ type }: INode) => /trigger$|\.webhook$/i.test(type);

/** With its notes in one text. */
function read(file: string) {
	const { nodes, connections } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as IWorkflowBase;
	const triggers = nodes.filter(isTrigger);
	const notes = nodes.map(({ parameters }) => String(parameters.content ?? '')).join('\n');
	const selected = [...triggers].sort((a, b) => priorityOf(b) - priorityOf(a))[0];
	return { triggers, notes, selected, connections };
}

const files = readdirSync(FOLDER);
const several = files.filter((file) => read(file).triggers.length > 1);

test.each(files)('%s has triggers whose priority is known', (file) => {
	const { triggers } = read(file);
	expect(triggers.length).toBeGreaterThan(0);
	expect(triggers.map(priorityOf)).not.toContain(undefined);
});

test('with several triggers, "Execute workflow" starts the one that the note means', () => {
	const starts = several.map((file) => [file.replace('.json', ''), read(file).selected.name]);
	expect(Object.fromEntries(starts)).toEqual({
		'call-each-row': 'On Weekdays',
		'calls-to-data-table': 'Every Night',
		'calls-to-google-sheets': 'Every Night',
		'calls-to-postgres': 'Every Night',
		'failed-calls-pushed-and-polled': 'When a Failed Call Is Pushed',
		'fan-out-by-day': 'When the Days Are Chosen',
	});
});

test.each(several)('%s: what the note says of the first click is true', (file) => {
	const { notes, selected, connections, triggers } = read(file);
	const named = /\*\*Execute\*\* it once from \*\*(.+?)\*\*/.exec(notes)?.[1];
	const opensForm = notes.includes('**Execute workflow**: a form opens');
	const createsTable = notes.includes('**Execute workflow** once, which creates the table');
	if (named) expect(named).toBe(selected.name);
	if (opensForm) expect(selected.type).toBe('n8n-nodes-base.formTrigger');
	if (createsTable) expect(connections[selected.name].main[0]?.[0].node).toBe('Create the Table');
	// A note that names no first click has none: its triggers wait for calls.
	const isSaid = Boolean(named) || opensForm || createsTable;
	expect(isSaid).toBe(triggers.some(({ type }) => !type.startsWith('n8n-nodes-itniotech.')));
});
