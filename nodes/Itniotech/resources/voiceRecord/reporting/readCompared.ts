import { DateTime } from 'luxon';
import type { WireRecord } from '../../../api/types';
import { readChoice } from '../../../records/query/parameters';
import type { RecordQuery } from '../../../records/query/query';
import { scan } from '../../../records/scan/scan';
import { earliestTime } from '../../../records/query/timeRange';
import type { TimeRange } from '../../../records/windows';
import {
	COMPARISON_NAMES,
	earlierRange,
	type ComparisonName,
	type TimeShift,
} from '../../../reports/summary/earlierRange';
import type { OperationRun } from '../../operationRun';
import { differenceHint, tooOldHint } from '../reading/readingHints';
import { startReading } from '../reading/startReading';

interface EarlierReading {
	range: TimeRange;
	toLater: TimeShift;
	/** Up to a page of records each. */
	batches: AsyncGenerator<WireRecord[]>;
}

interface AddedCalls {
	add(record: WireRecord): unknown;
}

/** Adds calls up, and those of an earlier range to compare them with. */
interface Comparable<Earlier extends AddedCalls> extends AddedCalls {
	createEarlier(toLater: TimeShift): Earlier;
	compareWith(earlier: Earlier | null): void;
}

interface Compared<T> {
	result: T;
	zone: string;
	/** Where there is something to compare with. */
	earlierRange?: TimeRange;
}

/**
 * Reads the range and, by "Compare With", an earlier one. No record is in memory for longer than its page.
 * @throws UserError naming a parameter, before anything is sent, and what the API throws
 */
export async function readCompared<T, Earlier extends AddedCalls>(
	run: OperationRun,
	byDefault: ComparisonName,
	create: (query: RecordQuery) => T & Comparable<Earlier>,
): Promise<Compared<T>> {
	const comparison = readComparison(run, byDefault);
	const { query, batches } = await startReading(run);
	const result = create(query);
	await addAll(result, batches);
	const { zone } = query;
	if (comparison === 'nothing') return { result, zone };
	const reading = readEarlier(run, query, comparison);
	const earlier = reading && result.createEarlier(reading.toLater);
	if (earlier) await addAll(earlier, reading.batches);
	result.compareWith(earlier);
	return { result, zone, earlierRange: reading?.range };
}

async function addAll(target: AddedCalls, batches: AsyncGenerator<WireRecord[]>): Promise<void> {
	for await (const records of batches) {
		for (const record of records) target.add(record);
	}
}

function readComparison({ context, itemIndex }: OperationRun, byDefault: ComparisonName): ComparisonName {
	return readChoice(
		context.getNodeParameter('compareWith', itemIndex, byDefault),
		'Compare With',
		COMPARISON_NAMES,
	);
}

/** The calls to compare with, by the same filters; `null`, and a hint, where ITNIO no longer has all of them. */
function readEarlier(
	{ context, itemIndex, api, hint }: OperationRun,
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
		hint(
			`ITNIO TECH keeps call records for two months, so there is nothing to compare with from ${from} to ${to} (${zone})`,
		);
		return null;
	}
	hint(`Compared with ${from} to ${to} (${zone})`);
	const batches = scan(api, {
		...query,
		range,
		onIncomplete: (difference) => hint(differenceHint(difference, zone)),
		onTooOld: (fromS) => hint(tooOldHint(fromS, zone)),
	});
	return { range, toLater, batches };
}
