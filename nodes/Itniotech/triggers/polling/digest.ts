import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import type { WireRecord } from '../../api/types';
import type { ToOutput } from '../../records/output/fields';
import { isoTime } from '../../records/output/localTime';
import { calledNumberIn } from '../../records/phoneNumber';
import { textOf } from '../../records/record';
import {
	chatText,
	clockText,
	listText,
	minuteText,
	numberText,
	quantityText,
	shareText,
} from '../../records/output/text';
import { reasonOf } from '../../reports/figures/failures';
import { shareOf } from '../../reports/figures/rounding';

const count = z.number().int().safe().nonnegative();

/** Calls counted for the next digest, as plain JSON without phone numbers. */
export const tallySchema = z.object({
	/** Unix time in seconds. */
	fromS: count,
	calls: count,
	failures: count,
	/** Calls with the event of the trigger. */
	matches: count,
	failuresByReason: z.array(
		z.object({ terminationCode: z.string(), terminationReason: z.string(), calls: count }),
	),
	failuresByArea: z.array(z.object({ area: z.string(), calls: count })),
	/** Ids of calls with the event, the newest last. */
	sampleIds: z.array(z.string()),
});

export type DigestTally = z.infer<typeof tallySchema>;

const MAX_SAMPLES = 10;
const MAX_GROUPS_IN_TEXT = 3;
const MAX_NUMBERS_IN_TEXT = 5;
const MAX_GROUPS_IN_FIELD = 10;
/** Maximum number of reasons, and of areas, that are counted one by one. The others are counted together. */
const MAX_GROUPS = 200;
const MAX_GROUP_NAME_LENGTH = 200;
const OTHER = 'other';

export function emptyTally(fromS: number): DigestTally {
	return {
		fromS,
		calls: 0,
		failures: 0,
		matches: 0,
		failuresByReason: [],
		failuresByArea: [],
		sampleIds: [],
	};
}

export function countFailure(tally: DigestTally, record: WireRecord): void {
	const reason = {
		terminationCode: shortText(record.terminationCode),
		terminationReason: shortText(record.terminationReason),
	};
	const area = shortText(record.code);
	tally.failures++;
	countIn(
		tally.failuresByReason,
		(group) =>
			group.terminationCode === reason.terminationCode &&
			group.terminationReason === reason.terminationReason,
		[reason, { terminationCode: '', terminationReason: OTHER }],
	);
	countIn(tally.failuresByArea, (group) => group.area === area, [{ area }, { area: OTHER }]);
}

function countIn<T>(
	groups: Array<T & { calls: number }>,
	isSame: (group: T) => boolean,
	[name, nameOfOthers]: [T, T],
): void {
	const isFull = groups.length >= MAX_GROUPS;
	const group = groups.find(isSame) ?? (isFull ? groups[MAX_GROUPS] : undefined);
	if (group) group.calls++;
	else groups.push({ ...(isFull ? nameOfOthers : name), calls: 1 });
}

function shortText(value: unknown): string {
	return (textOf(value) ?? '').slice(0, MAX_GROUP_NAME_LENGTH);
}

/** The tally plus calls with the event, the newest last. */
export function withMatches(tally: DigestTally, records: WireRecord[]): DigestTally {
	const sampleIds = [...tally.sampleIds, ...records.map(({ voiceId }) => voiceId)].slice(-MAX_SAMPLES);
	return { ...tally, matches: tally.matches + records.length, sampleIds };
}

interface DigestContext {
	/** Unix time in seconds. */
	toS: number;
	/** Records of calls with the event, the newest last, and how they are output. */
	records: WireRecord[];
	toOutput: ToOutput;
	zone: string;
	/** What the calls with the event are called, unless it is that they failed. */
	countName?: string;
}

/** A flat item that begins with a text for a chat message. What has several values is in `details` too. */
export function createDigest(
	tally: DigestTally,
	{ toS, records, toOutput, zone, countName }: DigestContext,
): IDataObject {
	const { failures, matches } = tally;
	// A call that is corrected to a failure may have been counted in the digest before.
	const calls = Math.max(tally.calls, failures, matches);
	const failuresByReason = mostFirst(tally.failuresByReason);
	const failuresByArea = mostFirst(tally.failuresByArea);
	const reasons = failuresByReason.map((group) => countText(reasonOf(group).name ?? '', group.calls));
	const areas = failuresByArea.map((group) => countText(group.area, group.calls));
	const [from, to] = [tally.fromS, toS].map((seconds) => DateTime.fromSeconds(seconds, { zone }));
	const failureRate = shareOf(failures, calls);
	const share = calls === 0 ? '' : ` (${shareText(failures, calls)})`;
	const counts = `${numberText(failures)} of ${quantityText(calls, 'call')} failed${share}`;
	const text = [`${counts}, ${periodText(from, to)} (${chatText(zone)})`];
	if (failures > 0) {
		text.push(`Reasons: ${listText(reasons, MAX_GROUPS_IN_TEXT)}`);
		text.push(`Areas: ${listText(areas, MAX_GROUPS_IN_TEXT)}`);
	}
	const latest = latestText(matches, records, countName);
	if (latest !== '') text.push(latest);
	return {
		text: text.join('\n'),
		from: isoTime(tally.fromS, zone),
		to: isoTime(toS, zone),
		calls,
		failures,
		failureRate,
		matches,
		failuresByReason: listText(reasons, MAX_GROUPS_IN_FIELD),
		failuresByArea: listText(areas, MAX_GROUPS_IN_FIELD),
		details: { failuresByReason, failuresByArea, samples: records.map(toOutput) },
	};
}

function latestText(matches: number, records: WireRecord[], countName?: string): string {
	const numbers = newestNumbers(records);
	const parts = [
		countName === undefined ? '' : `${countName}: ${numberText(matches)}`,
		numbers.length > 0 ? `Latest numbers: ${numbers.join(', ')}` : '',
	];
	return parts.filter((part) => part !== '').join('. ');
}

/** Some called numbers, each once, the newest first. */
function newestNumbers(records: WireRecord[]): string[] {
	const numbers = records.map((record) => chatText(calledNumberIn(record) ?? '')).reverse();
	return [...new Set(numbers)].filter((number) => number !== '').slice(0, MAX_NUMBERS_IN_TEXT);
}

function countText(name: string, count: number): string {
	return `${chatText(name) || 'unknown'}: ${numberText(count)}`;
}

function periodText(from: DateTime, to: DateTime): string {
	const end = from.hasSame(to, 'day') ? clockText(to) : minuteText(to);
	return `${minuteText(from)} to ${end}`;
}

function mostFirst<T extends { calls: number }>(groups: T[]): T[] {
	return [...groups].sort((a, b) => b.calls - a.calls);
}
