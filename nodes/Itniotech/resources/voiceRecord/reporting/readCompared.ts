import { DateTime } from 'luxon';
import type { WireRecord } from '../../../api/types';
import { readChoice } from '../../../records/query/parameters';
import type { RecordQuery } from '../../../records/query/query';
import { earliestTime } from '../../../records/windows';
import type { TimeRange } from '../../../records/calendar';
import {
	COMPARISON_NAMES,
	earlierRange,
	type ComparisonName,
	type TimeShift,
} from '../../../reports/summary/earlierRange';
import { comparedPart, type ComparedPart } from '../../../reports/summary/comparedPart';
import type { SlicedWork } from '../../../reports/summary/slices';
import type { OperationRun } from '../../operationRun';
import { listHints } from '../reading/readingHints';
import { SharedReadings } from '../reading/sharedReadings';
import { startReading } from '../reading/startReading';
import { inTurns } from './inTurns';

interface AddedCalls {
	add(record: WireRecord): unknown;
}

/** Adds calls up, and those of an earlier range to compare them with. */
interface Comparable<Earlier extends AddedCalls> extends AddedCalls {
	/** Before any call is added: only those of a part are compared. */
	compareOnly(part: ComparedPart): void;
	createEarlier(toLater: TimeShift): Earlier;
	compareWith(earlier: Earlier | null, gaps: { hasGaps: boolean }): SlicedWork<void>;
}

interface ComparedRecords<T> {
	result: T;
	isFiltered: boolean;
	/** Whether ITNIO listed less than all calls of the range. */
	hasGaps: boolean;
	/** The same, of the earlier range. */
	hasGapsBefore: boolean;
	/** Where there is something to compare with. */
	earlierRange?: TimeRange;
	/** Whether ITNIO no longer has anything to compare with. */
	isTooEarly?: boolean;
}

/**
 * Reads the range and, by "Compare With", an earlier one. No record is in memory for longer than its page.
 * @throws UserError naming a parameter, before anything is sent, and what the API throws
 */
export async function readCompared<T, Earlier extends AddedCalls>(
	run: OperationRun,
	byDefault: ComparisonName,
	create: (query: RecordQuery) => T & Comparable<Earlier>,
): Promise<ComparedRecords<T>> {
	const comparison = readChoice(run.parameter('compareWith', byDefault), 'Compare With', COMPARISON_NAMES);
	const { query, batches, hasGaps } = await startReading(run);
	const result = create(query);
	const plan = comparison === 'nothing' ? undefined : planComparison(run, query, comparison);
	if (plan?.part) result.compareOnly(plan.part);
	await addAll(result, batches);
	const compared = {
		result,
		isFiltered: query.isWanted !== undefined,
		hasGaps: hasGaps(),
		hasGapsBefore: false,
	};
	if (!plan) return compared;
	const { range: earlierRange, toLater } = plan;
	const earlier = earlierRange ? result.createEarlier(toLater) : null;
	const reportGap: OperationRun['hint'] = (text, summary) => {
		compared.hasGapsBefore = true;
		run.caveat(text, summary);
	};
	if (earlierRange && earlier) {
		await addAll(earlier, readEarlier(run, { ...query, range: earlierRange }, reportGap));
	}
	const isIncomplete = compared.hasGaps || compared.hasGapsBefore;
	await inTurns(result.compareWith(earlier, { hasGaps: isIncomplete }));
	return { ...compared, earlierRange, isTooEarly: !earlierRange };
}

async function addAll(target: AddedCalls, batches: AsyncGenerator<WireRecord[]>): Promise<void> {
	for await (const records of batches) {
		for (const record of records) target.add(record);
	}
}

interface ComparisonPlan {
	/** What to read of the earlier time; left out where ITNIO no longer has anything of it. */
	range?: TimeRange;
	toLater: TimeShift;
	/** Left out where all of it is there. */
	part?: ComparedPart;
}

const COMPARED = 'Compared with earlier times: {count}';
const NOT_COMPARED = 'Time ranges with nothing to compare them with: {count}';
const PARTLY_COMPARED = 'Time ranges of which only a part is compared: {count}';

/** What is compared with what, and a hint that says so. */
function planComparison(
	run: OperationRun,
	query: RecordQuery,
	comparison: Exclude<ComparisonName, 'nothing'>,
): ComparisonPlan {
	const { zone, nowS, range } = query;
	const { hint, caveat } = run;
	const earlier = earlierRange(comparison, { timeRange: run.parameter('timeRange'), range, zone });
	const { toLater } = earlier;
	const earliestS = earliestTime(DateTime.fromSeconds(nowS, { zone })).toSeconds();
	if (earlier.range.fromS >= earliestS) {
		hint(`Compared with ${rangeWords(earlier.range, zone)} (${zone})`, COMPARED);
		return { range: earlier.range, toLater };
	}
	const part = comparedPart(earlier, { range, zone, earliestS });
	if (!part) {
		caveat(
			`ITNIO TECH keeps call records for two months, so there is nothing to compare with from ${rangeWords(earlier.range, zone)} (${zone})`,
			NOT_COMPARED,
		);
		return { toLater };
	}
	caveat(
		`ITNIO TECH keeps call records for two months, so only a part is compared: ${rangeWords(part.later, zone)} with ${rangeWords(part.earlier, zone)} (${zone})`,
		PARTLY_COMPARED,
	);
	return { range: part.earlier, toLater, part };
}

function readEarlier(
	{ api, itemIndex, nodeRun }: OperationRun,
	query: RecordQuery,
	reportGap: OperationRun['hint'],
): AsyncGenerator<WireRecord[]> {
	const { zone } = query;
	return nodeRun.once(SharedReadings.create).read(api, {
		...query,
		place: itemIndex,
		isOutput: false,
		...listHints(reportGap, zone),
	});
}

function rangeWords({ fromS, toS }: TimeRange, zone: string): string {
	const [from, to] = [fromS, toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone }).toFormat('yyyy-MM-dd HH:mm:ss'),
	);
	return `${from} to ${to}`;
}
