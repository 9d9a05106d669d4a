import { Editor } from './support/editor';
import { shippedWorkflow } from './support/shipped';
import { openStage, type Stage } from './support/stage';
import { until } from './support/waiting';

let stage: Stage;
let editor: Editor;

beforeAll(async () => {
	stage = await openStage();
	editor = await Editor.open(stage);
});

afterAll(async () => {
	await editor?.close();
	await stage?.stop();
});

test('an example that is copied and pasted onto the canvas is there with all its nodes', async () => {
	const example = await shippedWorkflow('failed-calls-to-slack', [stage.credential]);
	await editor.newWorkflow();
	await editor.paste(JSON.stringify(example));
	await until(async () => (await editor.nodesOnCanvas()).length === example.nodes.length);
	const shown = (await editor.nodesOnCanvas()).join('\n');
	for (const text of ['When Calls Fail', 'Send to Slack', example.name]) expect(shown).toContain(text);
});
