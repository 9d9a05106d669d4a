import { DateTime } from 'luxon';
import type { IExecuteFunctions } from 'n8n-workflow';
import { isRecord } from '../api/values';
import { numberText, quantityText } from '../records/output/text';
import { isEmpty } from '../records/query/parameters';
import type { TimeRange } from '../records/calendar';

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

/** What was read for all input items together: many items make few hints, without a sum, as they may have records in common. */
export function totalsHints(context: IExecuteFunctions, all: ReadTotals[]): string[] {
	if (all.length === 0) return [];
	return [rangeHint(context, all), ...filterHints(all), ...pendingHints(all)];
}

function filterHints(all: ReadTotals[]): string[] {
	const unmatched = all.filter(({ filtered, matched }) => filtered > 0 && matched === 0);
	if (unmatched.length === 0) return [];
	if (all.length === 1) return [`0 of ${quantityText(all[0].filtered, 'record')} matched the filters`];
	return [`No record matched the filters, for ${numberText(unmatched.length)} of ${itemsText(all)}`];
}

function pendingHints(all: ReadTotals[]): string[] {
	const items = all.filter(({ pending }) => pending > 0).length;
	if (items === 0) return [];
	if (all.length === 1) return [`Calls that have not ended yet: ${numberText(all[0].pending)}`];
	return [`Calls that have not ended yet, in ${numberText(items)} of ${itemsText(all)}`];
}

const itemsText = (all: ReadTotals[]) => quantityText(all.length, 'input item');

function rangeHint(context: IExecuteFunctions, all: ReadTotals[]): string {
	const zones = new Set(all.map(({ zone }) => zone));
	const zone = zones.size === 1 ? all[0].zone : 'UTC';
	const fromS = Math.min(...all.map(({ range }) => range.fromS));
	const toS = Math.max(...all.map(({ range }) => range.toS));
	const [from, to] = [fromS, toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone }).toFormat('yyyy-MM-dd HH:mm:ss'),
	);
	const ranges = new Set(all.map(({ range }) => `${range.fromS} ${range.toS}`));
	const what = ranges.size === 1 ? 'Time range' : `Time ranges of ${itemsText(all)}, all within`;
	const isDefault = zones.size === 1 && zone === context.getTimezone() && !hasOwnZone(context);
	const source = isDefault ? ', the default of n8n because the workflow sets no timezone' : '';
	return `${what}: ${from} to ${to} (${zone}${source})`;
}

/** Whether the workflow or the node sets a timezone; n8n 2.0 does not tell. */
function hasOwnZone(context: IExecuteFunctions): boolean {
	const options: unknown = context.getNode().parameters.options;
	// An expression may set any option.
	if (typeof options === 'string' || (isRecord(options) && !isEmpty(options.timezone))) return true;
	const { getWorkflowSettings }: Partial<IExecuteFunctions> = context;
	if (!getWorkflowSettings) return true;
	const { timezone } = getWorkflowSettings.call(context);
	return timezone !== undefined && timezone !== 'DEFAULT';
}
