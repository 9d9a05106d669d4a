import type { INodeParameters } from 'n8n-workflow';

import { listDataset } from '../simulator/dataset';
import { call } from '../support/calls';
import { HOUR_MS, NOW_MS } from '../support/times';
import { hintsOf, useReports } from './support/summaries';

const START_MS = Date.parse('2026-09-25T00:30:00+08:00');
/** A call in the middle of each hour, answered if its hour of the day is even. */
const hourly = Array.from({ length: 24 * 90 }, (_, index) =>
	call(`${index}`, START_MS + index * HOUR_MS - NOW_MS, {
		code: 'Peru',
		callDuration: 60,
		cost: '1',
		terminationCode: index % 2 === 0 ? '200' : '486',
	}),
);

describe('a comparison whose earlier time is partly gone', () => {
	const { simulator, run } = useReports();
	const runAt = async (time: string, parameters: INodeParameters) => {
		jest.spyOn(Date, 'now').mockReturnValue(Date.parse(time));
		simulator().dataset = listDataset(hourly);
		const result = await run({ compareWith: 'previousPeriod', ...parameters });
		expect(result.error).toBeUndefined();
		return result;
	};

	it.each([
		// October has 31 days, November 30: one hour is gone, and the 31st has no counterpart.
		['lastMonth', '2026-12-01T00:05:00+08:00', { calls: 720, previousCalls: 719, callsChange: 0 }, '2026-11-01 01:00:00 to 2026-11-30 23:59:59 with 2026-10-01 01:00:00 to 2026-10-30 23:59:59'],
		['lastMonth', '2026-12-01T20:00:00+08:00', { calls: 720, previousCalls: 699, callsChange: 0 }, '2026-11-01 21:00:00 to 2026-11-30 23:59:59 with 2026-10-01 21:00:00 to 2026-10-30 23:59:59'],
		['last31Days', '2026-12-01T00:05:00+08:00', { calls: 744, previousCalls: 719, callsChange: 0 }, '2026-11-01 01:00:00 to 2026-12-01 00:05:00 with 2026-10-01 01:00:00 to 2026-10-31 00:05:00'],
	])('of %s at %s compares the part that is left, and says which', async (timeRange, time, row, hint) => {
		const result = await runAt(time, { operation: 'summarize', timeRange });
		expect(result.items[0].json).toMatchObject(row);
		expect(hintsOf(result)).toEqual([
			`ITNIO TECH keeps call records for two months, so only a part is compared: ${hint} (Asia/Singapore)`,
		]);
	}); // prettier-ignore

	it('says nothing of the days that are not compared', async () => {
		const parameters = { operation: 'summarize', timeRange: 'lastMonth', groupBy: ['day'] };
		const { items } = await runAt('2026-12-02T20:00:00+08:00', parameters);
		expect(items.slice(0, 3).map(({ json }) => [json.calls, json.previousCalls, json.callsChange])).toEqual([
			[24, null, null],
			[24, 3, 0],
			[24, 24, 0],
		]);
		expect(items).toHaveLength(30);
	});

	it('says in subject, text and mail of a report what is compared', async () => {
		const { items } = await runAt('2026-12-01T00:05:00+08:00', {
			operation: 'report',
			timeRange: 'lastMonth',
		});
		const { subject, text, html, callsChange } = items[0].json;
		const note =
			'Changes compare 1 Nov 2026, 01:00 – 30 Nov 2026, 23:59 with 1 Oct 2026, 01:00 – 30 Oct 2026, 23:59, the part that is left.';
		expect(subject).toMatch(/: 720 calls, 50\.0% answered, 360 failed, 720\.00 USD$/);
		expect(text).toContain('(since 1 Nov 2026, 01:00: unchanged)');
		expect(text).toContain(note);
		expect(text).toContain('Calls: 720  in the compared part: unchanged (719)');
		expect(html).toContain(note);
		expect(callsChange).toBe(0);
	});

	it('compares with nothing where nothing is left', async () => {
		const range = { timeRange: 'custom', startTime: '2026-10-05', endTime: '2026-10-11' };
		const result = await runAt('2026-12-05T20:00:00+08:00', { operation: 'summarize', ...range });
		expect(result.items[0].json).toMatchObject({ previousCalls: null, callsChange: null });
		expect(hintsOf(result).join()).toContain('two months, so there is nothing to compare with from 2026-09-');
		const { items } = await runAt('2026-12-05T20:00:00+08:00', { operation: 'report', ...range });
		const note = 'ITNIO TECH keeps calls for two months, so there is nothing to compare with.';
		expect(items[0].json.text).toContain(note);
		expect(items[0].json.html).toContain(note);
	});
});
