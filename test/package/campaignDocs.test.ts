/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync } from 'fs';
import { join } from 'path';

import { CAMPAIGN_STATUSES, hasCampaignEnded, readCampaign } from '../../nodes/Itniotech/api/campaignValues';
import { CAMPAIGN_FIELD_NAMES, LISTED_CAMPAIGN } from '../../nodes/Itniotech/reports/summary/campaigns';
import { DEFAULT_BEHAVIOUR } from '../simulator/behaviour';
import { Task, TASK_STATUS } from '../simulator/tasks/task';
import { NOW_MS } from '../support/times';

const docs = (page: string) => readFileSync(join(__dirname, '../../docs', page), 'utf8');
const section = docs('campaigns.md').split('\n## Its figures\n')[1].split('\n## ')[0];
/** What the page says of each status. */
const MEANINGS = new Map(
	[...section.matchAll(/^\| (`.+`) \| (.+) \|$/gm)].flatMap(([, statuses, meaning]) =>
		[...statuses.matchAll(/`(\w+)`/g)].map(([, status]) => [status, meaning] as const),
	),
);
/** By the vendor's number. */
const campaignOf = (status: number) => readCampaign({ jobId: 1, status })!;

test('docs/campaigns.md has each status that the node outputs, and no other', () => {
	expect([...MEANINGS.keys()].sort()).toEqual([...CAMPAIGN_STATUSES].sort());
	const words = Object.values(TASK_STATUS).map((status) => campaignOf(status).status);
	expect(words.sort()).toEqual([...CAMPAIGN_STATUSES].sort());
});

test('docs/campaigns.md names the figures that the list has, and those that only a single campaign has', () => {
	const text = section.replace(/\s+/g, ' ');
	const [, listed, more] = /what ITNIO counts: (.+?), and for a single campaign also (.+?)\. /.exec(text)!;
	const counts = ['numbers', 'called', 'answered', 'failed'] as const;
	expect(listed.split(', ')).toEqual(counts);
	expect(LISTED_CAMPAIGN).toEqual(expect.arrayContaining([...counts]));
	expect(more).toBe('keys pressed and seconds');
	const single = ['keysPressed', 'callDuration', 'chargedDuration'] as const;
	expect(CAMPAIGN_FIELD_NAMES).toEqual(expect.arrayContaining([...single]));
	expect(LISTED_CAMPAIGN.filter((name) => single.some((one) => one === name))).toEqual([]);
	// The rest of the sentence.
	expect(readCampaign({ jobId: 1, status: 9 })).toMatchObject({ status: '9', numbers: null, called: null });
});

test('what docs/campaigns.md says is over is what the trigger takes for ended', () => {
	const over = /^(ITNIO has finished it|ITNIO could not start it|It was cancelled)\./;
	for (const status of Object.values(TASK_STATUS)) {
		const campaign = campaignOf(status);
		expect([campaign.status, over.test(`${MEANINGS.get(campaign.status!)}.`)]).toEqual([
			campaign.status,
			hasCampaignEnded(campaign),
		]);
	}
	const triggers = docs('triggers.md').replace(/\s+/g, ' ');
	expect(triggers).toContain('One that is suspended has not ended.');
});

describe('a simulated campaign bears out what docs/campaigns.md says of', () => {
	const behaviour = { ...DEFAULT_BEHAVIOUR, failingTasks: /^failing/ };
	const order = { appId: 'a', source: 3, loopCount: 1, maxCalls: 60, hours: [], taskName: 'one' };
	const start = (changes: object = {}) =>
		new Task('1', { ...order, numbers: ['15550100', '15550101'], ...changes }, NOW_MS, behaviour);
	const after = (task: Task, seconds: number) => {
		const nowMs = NOW_MS + 1000 * seconds;
		task.advance(nowMs, behaviour, (_, atMs) => ({ isAnswered: true, endMs: atMs + 30_000 }) as never);
		return { word: campaignOf(task.status(nowMs, behaviour)).status, called: task.calls.length };
	};
	const meaningOf = (word: string | null) => MEANINGS.get(word ?? '');

	test('waiting and submitting', () => {
		const task = start({ sendMs: NOW_MS + 10_000 });
		for (const [seconds, word] of [
			[0, 'submitting'],
			[5, 'waiting'],
		] as const) {
			// prettier-ignore
			expect(after(task, seconds)).toEqual({ word, called: 0 });
			expect(meaningOf(word)).toBe('ITNIO has not begun to call');
		}
	});

	test('calling and suspended', () => {
		const task = start();
		expect(after(task, 1)).toEqual({ word: 'calling', called: 1 });
		expect(meaningOf('calling')).toBe('It is under way');
		task.toggleSuspended(NOW_MS + 1000);
		expect(after(task, 100)).toEqual({ word: 'suspended', called: 1 });
		task.toggleSuspended(NOW_MS + 100_000);
		expect(after(task, 101).called).toBe(2);
		expect(meaningOf('suspended')).toBe('It is paused and may continue');
	});

	test('done, failed and cancelled', () => {
		expect(after(start(), 100)).toEqual({ word: 'done', called: 2 });
		// A campaign may be done without a call.
		expect(after(start({ numbers: [] }), 100)).toEqual({ word: 'done', called: 0 });
		expect(meaningOf('done')).toBe('ITNIO has finished it. **Called** says how many numbers were called.');
		expect(after(start({ taskName: 'failing' }), 100)).toEqual({ word: 'failed', called: 0 });
		expect(meaningOf('failed')).toBe('ITNIO could not start it');
		const task = start();
		expect(after(task, 1).called).toBe(1);
		task.cancel(NOW_MS + 1000);
		expect(task.calls[0].endMs).toBeGreaterThan(task.finishMs!);
		expect(after(task, 100)).toEqual({ word: 'cancelled', called: 1 });
		expect(meaningOf('cancelled')).toBe('It was cancelled. Calls that were under way may go on.');
	});
});
