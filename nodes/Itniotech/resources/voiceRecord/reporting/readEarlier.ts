import { DateTime } from 'luxon';
import type { WireRecord } from '../../../api/types';
import { readChoice } from '../../../records/parameters';
import type { RecordQuery } from '../../../records/query';
import { scan } from '../../../records/scan';
import { earliestTime } from '../../../records/timeRange';
import type { TimeRange } from '../../../records/windows';
import {
	COMPARISON_NAMES,
	earlierRange,
	type ComparisonName,
	type TimeShift,
} from '../../../reports/comparison/earlierRange';
import { addHint } from '../../addHint';
import type { OperationRun } from '../../operationRun';
import { differenceHint, tooOldHint } from '../readingHints';

export interface EarlierReading {
	range: TimeRange;
	toLater: TimeShift;
	/** Up to a page of records each. */
	batches: AsyncGenerator<WireRecord[]>;
}

/** @throws UserError for an unknown value of "Compare With" */
export function readComparison(
	{ context, itemIndex }: OperationRun,
	byDefault: ComparisonName,
): ComparisonName {
	return readChoice(
		context.getNodeParameter('compareWith', itemIndex, byDefault),
		'Compare With',
		COMPARISON_NAMES,
	);
}

/** The calls to compare with, by the same filters; `null`, and a hint, where ITNIO no longer has all of them. */
export function readEarlier(
	{ context, itemIndex, api }: OperationRun,
	query: RecordQuery,
	comparison: Exclude<ComparisonName, 'nothing'>,
): EarlierReading | null {
	const { zone, nowS } = query;
	const timeRange: unknown = context.getNodeParameter('timeRange', itemIndex);
	const { range, toLater } = earlierRange(comparison, { timeRange, range: query.range, zone });
	const [from, to] = [range.fromS, range.toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone }).toFormat('yyyy-MM-dd HH:mm:ss'),
	);
	if (range.fromS < earliestTime(DateTime.fromSeconds(nowS, { zone })).toSeconds()) {
		addHint(
			context,
			`ITNIO TECH keeps call records for two months, so there is nothing to compare with from ${from} to ${to} (${zone})`,
		);
		return null;
	}
	addHint(context, `Compared with ${from} to ${to} (${zone})`);
	const batches = scan(api, {
		...query,
		range,
		onIncomplete: (difference) => addHint(context, differenceHint(difference, zone)),
		onTooOld: (fromS) => addHint(context, tooOldHint(fromS, zone)),
	});
	return { range, toLater, batches };
}
