import { DateTime } from 'luxon';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import type { RecordQuery } from '../../records/query';
import { outcomeOf } from '../../records/record';
import { describeDifference, type ListDifference } from '../../records/scan';
import { addHint } from '../addHint';
import type { OperationRun } from '../operationRun';

/** What was read for one input item. */
export interface Counts {
	read: number;
	matched: number;
	pending: number;
}

export function countPending(records: WireRecord[]): number {
	return records.filter((record) => outcomeOf(record) === 'pending').length;
}

/** Which range is read, once it is certain. */
export function addQueryHints(run: OperationRun, query: RecordQuery): void {
	const { context, api } = run;
	addRangeHint(run, query);
	if (query.hint !== undefined) addHint(context, query.hint);
	const minutes = Math.round((api.clockDifferenceMs() ?? 0) / 60_000);
	if (minutes === 0) return;
	addHint(
		context,
		`The clock of this n8n server is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'behind' : 'ahead of'} ITNIO TECH's clock. The time range goes by ITNIO TECH's clock.`,
	);
}

/** What the records say, once all were read. */
export function addRecordHints({ context, api }: OperationRun, { read, matched, pending }: Counts): void {
	if (read > 0 && matched === 0) addHint(context, `0 of ${read} records matched the filters`);
	if (pending > 0) addHint(context, `Calls that have not ended yet: ${pending}`);
	const slowdown = api.slowdownOfRun();
	if (!slowdown) return;
	const { maxInFlight, rejections } = slowdown;
	addHint(
		context,
		`Read with up to ${maxInFlight} ${maxInFlight === 1 ? 'request' : 'requests'} at a time because ITNIO TECH rejected ${rejections} as too many`,
	);
}

export function differenceHint(difference: ListDifference, zone: string): string {
	const [from, to] = [difference.fromS, difference.toS].map((seconds) => describeTime(seconds, zone));
	return `${describeDifference(difference)}, from ${from} to ${to}. What it listed was output.`;
}

export function tooOldHint(fromS: number, zone: string): string {
	return `ITNIO TECH keeps records for two months, so the records before ${describeTime(fromS, zone)} were gone by the time they were read`;
}

/** Only of the first item: many items may have as many ranges. */
function addRangeHint({ context, itemIndex }: OperationRun, { range, zone }: RecordQuery): void {
	if (itemIndex > 0) return;
	const [from, to] = [range.fromS, range.toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone }).toFormat('yyyy-MM-dd HH:mm:ss'),
	);
	const item = context.getInputData().length > 1 ? ' of the first item' : '';
	const source = zone === context.getTimezone() && !hasOwnZone(context) ? ', the default of n8n because the workflow sets no timezone' : ''; // prettier-ignore
	addHint(context, `Time range${item}: ${from} to ${to} (${zone}${source})`);
}

/** Whether the workflow sets a timezone; n8n 2.0 does not tell. */
function hasOwnZone(context: Partial<IExecuteFunctions>): boolean {
	if (!context.getWorkflowSettings) return true;
	const { timezone } = context.getWorkflowSettings();
	return timezone !== undefined && timezone !== 'DEFAULT';
}

function describeTime(seconds: number, zone: string): string | null {
	return DateTime.fromSeconds(seconds, { zone }).toISO({ suppressMilliseconds: true });
}
