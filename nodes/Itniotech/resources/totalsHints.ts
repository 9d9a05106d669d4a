import { DateTime } from 'luxon';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { TimeRange } from '../records/windows';

/** What was read for one input item. */
export interface ReadTotals {
	range: TimeRange;
	zone: string;
	/** Records that went through the filters, if there are any. */
	filtered: number;
	matched: number;
	/** Calls that have not ended. */
	pending: number;
}

/** What was read for all input items together: many items make few hints. */
export function totalsHints(context: IExecuteFunctions, all: ReadTotals[]): string[] {
	if (all.length === 0) return [];
	const pending = sumOf(all.map((totals) => totals.pending));
	return [
		rangeHint(context, all),
		...filterHints(all),
		...(pending > 0 ? [`Calls that have not ended yet: ${pending}`] : []),
	];
}

function filterHints(all: ReadTotals[]): string[] {
	const unmatched = all.filter(({ filtered, matched }) => filtered > 0 && matched === 0);
	if (unmatched.length === 0) return [];
	const items = all.length === 1 ? '' : `, for ${unmatched.length} of ${all.length} input items`;
	const filtered = sumOf(unmatched.map((totals) => totals.filtered));
	return [`0 of ${filtered} records matched the filters${items}`];
}
function rangeHint(context: IExecuteFunctions, all: ReadTotals[]): string {
	const zones = new Set(all.map(({ zone }) => zone));
	const zone = zones.size === 1 ? all[0].zone : 'UTC';
	const fromS = Math.min(...all.map(({ range }) => range.fromS));
	const toS = Math.max(...all.map(({ range }) => range.toS));
	const [from, to] = [fromS, toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone }).toFormat('yyyy-MM-dd HH:mm:ss'),
	);
	const ranges = new Set(all.map(({ range }) => `${range.fromS} ${range.toS}`));
	const what = ranges.size === 1 ? 'Time range' : `Time ranges of ${all.length} input items, all within`;
	const isDefault = zones.size === 1 && zone === context.getTimezone() && !hasOwnZone(context);
	const source = isDefault ? ', the default of n8n because the workflow sets no timezone' : '';
	return `${what}: ${from} to ${to} (${zone}${source})`;
}

/** Whether the workflow sets a timezone; n8n 2.0 does not tell. */
function hasOwnZone(context: Partial<IExecuteFunctions>): boolean {
	if (!context.getWorkflowSettings) return true;
	const { timezone } = context.getWorkflowSettings();
	return timezone !== undefined && timezone !== 'DEFAULT';
}

function sumOf(numbers: number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}
