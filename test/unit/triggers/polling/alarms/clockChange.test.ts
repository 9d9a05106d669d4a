import fc from 'fast-check';

import { listDataset } from '../../../../simulator/dataset';
import { endedCalls } from '../../../../support/calls';
import { MINUTE_MS, NOW_MS } from '../../../../support/times';
import { useService, watch } from '../../../support/watch';

const current = useService();
const { clock } = current;

/** Where the clocks go back: by an hour, and by half an hour. The second before. */
const CHANGES: Array<[string, string]> = [
	['Europe/Berlin', '2026-10-25T00:59:59Z'],
	['America/New_York', '2026-11-01T05:59:59Z'],
	['Australia/Lord_Howe', '2026-04-04T14:59:59Z'],
];

/** The first time in a text, with its offset where it has one. */
const timeIn = (text: unknown) => /\d{4}-\d\d-\d\d \d\d:\d\d(?: [+-]\d\d:\d\d)?/.exec(String(text))![0];
const endCalls = (...calls: Parameters<typeof endedCalls>) =>
	current.service.dataset.add(...endedCalls(...calls));

describe.each(CHANGES)('where the clocks of %s go back', (timezone, change) => {
	const changeMs = Date.parse(change);

	/** What an alarm and a digest say of a minute, and when. */
	const timesAt = async (minutes: number) => {
		current.service.dataset = listDataset([]);
		clock.ms = changeMs + 1000 + minutes * MINUTE_MS;
		const alarm = watch(current.service, {
			event: 'thresholdCrossed',
			metric: 'calls',
			condition: 'below',
			threshold: 1,
			windowMinutes: 1,
			options: { timezone, lookback: 1 },
		});
		const digest = watch(current.service, {
			event: 'callEnded',
			output: 'digest',
			options: { timezone, lookback: 1 },
		});
		const [{ text }] = (await alarm.poll())!;
		await digest.poll();
		clock.ms += MINUTE_MS;
		endCalls(clock.ms - NOW_MS - 1000, { answered: 1 });
		const [{ text: digestText, to }] = (await digest.poll())!;
		const lastTime = String(digestText).split('\n')[0].split(' to ')[1];
		expect(String(to).slice(11, 16)).toBe(lastTime.slice(0, 5));
		return { since: timeIn(text), period: String(digestText).split('\n')[0] };
	};

	test('no text about one minute reads like that about another', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: -70, max: 70 }), fc.constantFrom(30, 60, 1), async (at, later) => {
				const [first, second] = [await timesAt(at), await timesAt(at + later)];
				expect(first.since).not.toBe(second.since);
				expect(first.period).not.toBe(second.period);
			}),
			{ numRuns: 40 },
		);
	});

	test('the offset stands only where a time occurs twice', async () => {
		expect((await timesAt(-120)).since).not.toMatch(/[+-]\d\d:\d\d$/);
		expect((await timesAt(-1)).since).toMatch(/[+-]\d\d:\d\d$/);
	});
});
