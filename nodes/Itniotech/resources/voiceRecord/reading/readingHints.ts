import type { Slowdown } from '../../../api/limits/slowdown';
import { OTHER_PROGRAMS, durationText, limitText } from '../../../api/limits/texts';
import type { WireRecord } from '../../../api/types';
import { isoTime } from '../../../records/output/localTime';
import { numberText, quantityText } from '../../../records/output/text';
import { emptyFiltersHint } from '../../../records/query/emptyFilters';
import type { RecordQuery } from '../../../records/query/query';
import { outcomeOf } from '../../../records/record';
import { describeDifference, type ListDifference } from '../../../records/scan/incompleteList';
import type { ScanQuery } from '../../../records/scan/scan';
import type { NodeRun, OperationRun } from '../../operationRun';

/** What was read for one input item. */
export interface Counts {
	/** Records that went through the filters. */
	filtered: number;
	matched: number;
	pending: number;
}

export function countPending(records: WireRecord[]): number {
	return records.filter((record) => outcomeOf(record) === 'pending').length;
}

export function addQueryHints(run: OperationRun, query: RecordQuery): void {
	const { context, hint, caveat, api } = run;
	const notApplied = emptyFiltersHint(run.parameter('filters'), context.getNode().parameters.filters);
	// Not a caveat: an agent leaves a filter empty on purpose.
	if (notApplied !== undefined) hint(notApplied);
	addOptionHint(run);
	if (query.hint !== undefined) caveat(query.hint, TOO_OLD);
	const minutes = Math.round((api.clockDifferenceMs() ?? 0) / 60_000);
	if (minutes === 0) return;
	hint(
		`The clock of this n8n server is ${quantityText(Math.abs(minutes), 'minute')} ${minutes > 0 ? 'behind' : 'ahead of'} ITNIO TECH's clock. The time range goes by ITNIO TECH's clock.`,
	);
}

/** An option without a value has no effect, but nobody adds an option for that. */
export function addOptionHint({ hint, optionsWithoutValue }: OperationRun): void {
	if (optionsWithoutValue.length === 0) return;
	hint(
		`The default applies, because the option has no value: ${optionsWithoutValue.join(', ')}. Check the expression, or remove the option.`,
	);
}

/** Once all records were read. */
export function addReadingHints(
	{ addTotals, nodeRun }: OperationRun,
	query: RecordQuery,
	counts: Counts,
): void {
	const { range, zone } = query;
	addTotals({ range, zone, ...counts });
	nodeRun.once(addSlowdownAtEnd);
}

/** The figures grow until the last item was read. */
function addSlowdownAtEnd(nodeRun: NodeRun): void {
	nodeRun.atEnd(() => {
		const slowdown = nodeRun.api.slowdownOfRun();
		if (slowdown) nodeRun.hint(slowdownHint(slowdown));
	});
}

function slowdownHint({ limit, longWaitMs, maxInFlight, rejections }: Slowdown): string {
	if (limit)
		return `${limitText(limit)}. Requests that it rejected as too many: ${numberText(rejections)}. ${OTHER_PROGRAMS}`;
	if (longWaitMs !== undefined)
		return `Held back requests for up to ${durationText(longWaitMs)} because ITNIO TECH rejected ${numberText(rejections)} as too many`;
	if (maxInFlight === 0) return `Requests that ITNIO TECH rejected as too many: ${numberText(rejections)}`;
	return `Read with up to ${quantityText(maxInFlight, 'request')} at a time because ITNIO TECH rejected ${numberText(rejections)} as too many`;
}

const TOO_OLD = 'Time ranges whose beginning ITNIO TECH no longer has: {count}';

type ListHints = Pick<ScanQuery, 'onIncomplete' | 'onTooOld'>;

/** What a list that is read turns out to lack. */
export function listHints(hint: OperationRun['hint'], zone: string): ListHints {
	return {
		onIncomplete: (difference) =>
			hint(differenceHint(difference, zone), 'Lists of ITNIO TECH that may not be complete: {count}'),
		onTooOld: (fromS) => hint(tooOldHint(fromS, zone), TOO_OLD),
	};
}

function differenceHint(difference: ListDifference, zone: string): string {
	const [from, to] = [difference.fromS, difference.toS].map((seconds) => isoTime(seconds, zone));
	return `${describeDifference(difference)}, from ${from} to ${to}. What it listed is included.`;
}

function tooOldHint(fromS: number, zone: string): string {
	return `ITNIO TECH keeps records for two months, so the records before ${isoTime(fromS, zone)} were gone by the time they were read`;
}
