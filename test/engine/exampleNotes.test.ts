/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { readWorkflow } from './support/engine';
import { ticksOf } from './support/schedule';

const DOCS = readFileSync(join(__dirname, '../../docs/examples.md'), 'utf8').replace(/\s+/g, ' ');
/** The first of a month, a Wednesday, without a change of the clocks in the next days. */
const FIRST = DateTime.fromISO('2026-07-01', { zone: 'Europe/Berlin' });
const DAYS = 8;

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WEEKDAYS = [1, 2, 3, 4, 5];
const EVERY_HOUR = Array.from({ length: 24 }, (_, hour) => hour);
const between = (first: number, last: number) => EVERY_HOUR.filter((hour) => hour >= first && hour <= last);
const EVERY_FIVE = Array.from({ length: 12 }, (_, nth) => 5 * nth);

const noteOf = (name: string) =>
	readWorkflow(name)
		.nodes.map(({ parameters }) => String(parameters.content ?? ''))
		.join(' ')
		.replaceAll('**', '');
const nodeOf = (name: string, node: string) =>
	readWorkflow(name).nodes.find((each) => each.name === node)!.parameters;

interface Said {
	/** In the note. */
	note: string;
	/** In docs/examples.md. */
	docs?: string;
	weekdays?: number[];
	monthdays?: number[];
	hours: number[];
	minutes: number[];
}

const TABLE: Said = { note: 'Every hour at :07', docs: 'updated every hour and every night', hours: EVERY_HOUR, minutes: [7] }; // prettier-ignore
const NIGHT: Said = { note: 'every night at 3:37', hours: [3], minutes: [37] };

it.each<[string, string, Said]>([
	['answer-rate-by-country', 'Twice a Day', { note: 'At 12:00 and 17:00', docs: 'At 12:00 and 17:00', hours: [12, 17], minutes: [0] }], // prettier-ignore
	['cost-spike-to-slack', 'Every Hour', { note: 'Every hour', docs: 'Every hour', hours: EVERY_HOUR, minutes: [5] }], // prettier-ignore
	['daily-report-to-email', 'Every Morning', { note: 'Every morning at 7:00', docs: 'Every morning at 7:00, a report', hours: [7], minutes: [0] }], // prettier-ignore
	['daily-report-to-slack', 'Every Morning', { note: 'Every morning at 7:00', docs: 'Every morning at 7:00, yesterday', hours: [7], minutes: [0] }], // prettier-ignore
	['weekly-report-to-email', 'Every Monday', { note: 'Every Monday at 7:00', docs: 'Every Monday at 7:00', weekdays: [1], hours: [7], minutes: [0] }], // prettier-ignore
	['monthly-csv-to-s3', 'First of the Month', { note: 'On the first of each month at 6:00', docs: 'On the first of each month', monthdays: [1], hours: [6], minutes: [0] }], // prettier-ignore
	...['calls-to-postgres', 'calls-to-data-table', 'calls-to-google-sheets'].flatMap(
		(name): Array<[string, string, Said]> => [
			[name, 'Every Hour', TABLE],
			[name, 'Every Night', NIGHT],
		],
	),
	['call-each-row', 'On Weekdays', { note: 'On weekdays, at seven minutes past each hour from 10 to 16', weekdays: WEEKDAYS, hours: between(10, 16), minutes: [7] }], // prettier-ignore
	['call-each-row', 'Every Five Minutes', { note: 'Every five minutes', docs: 'Every five minutes', hours: EVERY_HOUR, minutes: EVERY_FIVE }], // prettier-ignore
	['call-each-row', 'Every Night', NIGHT],
	['call-again-unreached', 'On Weekdays', { note: 'On weekdays, at 37 minutes past each hour from 9 to 18', weekdays: WEEKDAYS, hours: between(9, 18), minutes: [37] }], // prettier-ignore
	['campaign-from-a-table', 'On Weekdays', { note: 'On weekdays at 10:07', weekdays: WEEKDAYS, hours: [10], minutes: [7] }], // prettier-ignore
])('%s, "%s": starts when its note says', (name, start, said) => {
	expect(noteOf(name)).toContain(said.note);
	if (said.docs) expect(DOCS).toContain(said.docs);
	const ticks = ticksOf(readWorkflow(name), FIRST, FIRST.plus({ days: DAYS }));
	const times = ticks.filter((tick) => tick.start === start).map(({ time }) => time.toFormat('dd HH:mm'));
	const { weekdays = EVERY_DAY, monthdays, hours, minutes } = said;
	const expected = Array.from({ length: DAYS }, (_, nth) => FIRST.plus({ days: nth }))
		.filter(({ weekday, day }) => weekdays.includes(weekday) && (monthdays ?? [day]).includes(day))
		.flatMap((day) =>
			hours.flatMap((hour) => minutes.map((minute) => day.set({ hour, minute }).toFormat('dd HH:mm'))),
		);
	expect(times).toEqual(expected);
});

it.each([
	['failed-calls-to-slack', 1, 'Once a minute, one message about all calls'],
	['failed-calls-pushed-and-polled', 10, undefined],
	['low-balance-to-email', 10, undefined],
	['campaign-report', 5, undefined],
])('%s polls every %d minutes', (name, minutes, said) => {
	const { parameters } = readWorkflow(name).nodes.find(({ type }) => type.endsWith('itniotechTrigger'))!;
	const [{ mode, value, unit }] = (parameters.pollTimes as { item: IDataObject[] }).item;
	expect(minutes).toBe(mode === 'everyMinute' ? 1 : value);
	expect(unit ?? 'minutes').toBe('minutes');
	if (said) expect(noteOf(name)).toContain(said);
});

it.each<[string, string, (parameters: IDataObject) => unknown, number, string, string | undefined]>([
	[
		'call-each-row',
		'Rows to Call',
		({ limit }) => limit,
		100,
		'up to 100 rows',
		'Each run calls up to 100 rows',
	],
	['call-each-row', 'Call', ({ options }) => (options as IDataObject).maxCalls, 100, 'up to 100 rows', undefined], // prettier-ignore
	['call-again-unreached', 'At Most 100', ({ maxItems }) => maxItems, 100, 'at most 100 numbers in each run', 'calls at most 100 numbers'], // prettier-ignore
	['call-again-unreached', 'Call Again', ({ options }) => (options as IDataObject).maxCalls, 100, 'at most 100 numbers', undefined], // prettier-ignore
	['call-again-unreached', 'List Unreached Numbers', ({ maxAttempts }) => maxAttempts, 3, 'at most three times in all', 'at most three times in all'], // prettier-ignore
	[
		'campaign-from-a-table',
		'Rows to Call',
		({ limit }) => limit,
		1000,
		'up to 1,000 rows',
		'up to 1,000 rows',
	],
	[
		'alarm-by-phone',
		'Call the Person on Duty',
		({ maxWait }) => maxWait,
		3,
		'now 3,',
		'at most three minutes',
	],
	['campaign-report', 'List Unreached Numbers', ({ maxAttempts }) => maxAttempts, 3, 'called fewer than three times', 'called fewer than three times'], // prettier-ignore
	['failed-calls-to-crm', 'Add to the CRM', perSecond, 10, 'at most ten a second', undefined],
	['calls-to-data-table', 'Delete Old Rows', ({ filters }) => Number(/days: (\d+)/.exec(JSON.stringify(filters))![1]), 31, 'Rows older than 31 days', undefined], // prettier-ignore
	['failure-rate-per-country', 'When Calls to a Country Fail', ({ options }) => (options as IDataObject).remindEvery, 24, 'after a day', 'again after a day'], // prettier-ignore
])('%s, "%s" has the limit that its note says: %#', (name, node, valueOf, value, note, docs) => {
	expect(valueOf(nodeOf(name, node))).toBe(value);
	expect(noteOf(name)).toContain(note);
	if (docs) expect(DOCS).toContain(docs);
});

function perSecond({ options }: IDataObject): number {
	const { batchSize, batchInterval } = (options as { batching: { batch: Record<string, number> } }).batching
		.batch;
	return (batchSize * 1000) / batchInterval;
}

test('Call again: unreached says which numbers it does not call again', () => {
	const { timeRange } = nodeOf('call-again-unreached', 'List Unreached Numbers');
	const note = noteOf('call-again-unreached');
	expect([timeRange, note]).toEqual(['last7Days', expect.stringContaining('at most 7 days old')]);
	expect(DOCS).toContain('unless their last call is more than 7 days old');
	expect(note).toContain(
		'"calling" or "unknown" may have been called. Unless ITNIO lists that call, it is not called again',
	);
	expect(DOCS).toContain('unless ITNIO lists that call, it is not called again until you delete the row');
});

test('Cost spike to Slack says that an unknown cost sends nothing', () => {
	const said =
		'If that cost is not known, or nothing of the cost of the last hour is known yet, there is no message.';
	expect(noteOf('cost-spike-to-slack')).toContain(said);
	expect(DOCS).toContain(said);
});
