/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

interface Example {
	nodes: Array<{ type: string; parameters: { content?: string; options?: { clearAt?: number }; event?: string; threshold?: number; minimumCalls?: number } }>;
} // prettier-ignore

const FOLDER = join(__dirname, '../../examples');
const alarms = readdirSync(FOLDER)
	.map((file) => ({ file, ...(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Example) }))
	.flatMap(({ file, nodes }) => {
		const rule = nodes.find(({ parameters }) => parameters.event === 'thresholdCrossed')?.parameters;
		const note = nodes.map(({ parameters }) => parameters.content ?? '').join('\n');
		return rule ? [{ file, rule, note }] : [];
	});

test('there are examples with an alarm', () => expect(alarms.length).toBeGreaterThan(2));

test.each(alarms)(
	'the note of $file says when its alarm is raised, cleared, and neither',
	({ rule, note }) => {
		expect(note).toContain(`more than ${rule.threshold}%`);
		expect(note).toContain(`${rule.options?.clearAt}% or less`);
		expect(note).toMatch(
			new RegExp(
				`fewer (than ${rule.minimumCalls} calls|calls than \\*\\*Minimum Calls\\*\\*, now ${rule.minimumCalls})`,
			),
		);
	},
);
