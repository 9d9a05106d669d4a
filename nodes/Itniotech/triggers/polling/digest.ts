import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { textOf } from '../../records/record';

/** Calls counted up to the next digest, as plain JSON without phone numbers. */
export interface Tally {
	/** Unix time in seconds from which on the calls are counted. */
	fromS: number;
	/** Ended calls. */
	calls: number;
	failures: number;
	/** Calls with the event that is waited for. */
	matches: number;
	/** Failures by termination code and reason. */
	reasons: Array<[code: string, reason: string, calls: number]>;
	/** Failures by area. */
	areas: Array<[area: string, calls: number]>;
	/** Ids of calls with the event, the newest last. */
	sampleIds: string[];
}

const MAX_SAMPLES = 10;
const LISTED_IN_TEXT = 3;

export function emptyTally(fromS: number): Tally {
	return { fromS, calls: 0, failures: 0, matches: 0, reasons: [], areas: [], sampleIds: [] };
}

export function isTally(value: unknown): value is Tally {
	if (typeof value !== 'object' || value === null) return false;
	const { fromS, calls, failures, matches, reasons, areas, sampleIds } = value as Partial<
		Record<keyof Tally, unknown>
	>;
	return (
		[fromS, calls, failures, matches].every(isWholeNumber) &&
		isCountList(reasons, 2) &&
		isCountList(areas, 1) &&
		Array.isArray(sampleIds) &&
		sampleIds.every((id) => typeof id === 'string')
	);
}

export function isWholeNumber(value: unknown): boolean {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Entries of so many texts and a number. */
function isCountList(value: unknown, texts: number): boolean {
	if (!Array.isArray(value)) return false;
	return (value as unknown[]).every((entry) => {
		if (!Array.isArray(entry) || entry.length !== texts + 1 || !isWholeNumber(entry[texts])) return false;
		return entry.slice(0, texts).every((text) => typeof text === 'string');
	});
}

/** Adds a failed call to the reasons and areas of a tally. */
export function countFailure(tally: Tally, record: WireRecord): void {
	const code = textOf(record.terminationCode) ?? '';
	const reason = textOf(record.terminationReason) ?? '';
	const area = textOf(record.code) ?? '';
	tally.failures++;
	const sameReason = tally.reasons.find((entry) => entry[0] === code && entry[1] === reason);
	if (sameReason) sameReason[2]++;
	else tally.reasons.push([code, reason, 1]);
	const sameArea = tally.areas.find((entry) => entry[0] === area);
	if (sameArea) sameArea[1]++;
	else tally.areas.push([area, 1]);
}

/** Adds a call with the event to a tally. */
export function countMatch(tally: Tally, { voiceId }: WireRecord): void {
	tally.matches++;
	tally.sampleIds = [...tally.sampleIds, voiceId].slice(-MAX_SAMPLES);
}

/**
 * The digest of a tally, as an item.
 * @param toS Unix time in seconds up to which the calls were counted
 * @param samples records of calls with the event, in their output form
 * @param zone in which the times are shown
 */
export function createDigest(tally: Tally, toS: number, samples: IDataObject[], zone: string): IDataObject {
	const { fromS, failures, matches } = tally;
	// A call that is corrected to a failure may have been counted in the digest before.
	const calls = Math.max(tally.calls, failures, matches);
	const reasons = mostFirst(tally.reasons.map(([terminationCode, terminationReason, n]) => ({ terminationCode, terminationReason, calls: n }))); // prettier-ignore
	const areas = mostFirst(tally.areas.map(([area, n]) => ({ area, calls: n })));
	const failureRate = calls === 0 ? null : Math.round((failures / calls) * 10_000) / 10_000;
	const [from, to] = [fromS, toS].map((seconds) => DateTime.fromSeconds(seconds, { zone }));
	const period = `${from.toFormat('yyyy-MM-dd HH:mm')} to ${to.toFormat(from.hasSame(to, 'day') ? 'HH:mm' : 'yyyy-MM-dd HH:mm')} (${zone})`;
	const list = (entries: string[]) =>
		entries.slice(0, LISTED_IN_TEXT).join(', ') + (entries.length > LISTED_IN_TEXT ? ', ...' : '');
	const text = [
		`${failures} of ${calls} calls failed${failureRate === null ? '' : ` (${(failureRate * 100).toFixed(1)} %)`}, ${period}`,
		failures > 0 &&
			`Reasons: ${list(reasons.map((r) => `${r.terminationCode} ${r.terminationReason}: ${r.calls}`))}`,
		failures > 0 && `Areas: ${list(areas.map((a) => `${a.area || 'unknown'}: ${a.calls}`))}`,
	];
	return {
		from: from.toISO({ suppressMilliseconds: true }),
		to: to.toISO({ suppressMilliseconds: true }),
		calls,
		failures,
		failureRate,
		matches,
		failuresByReason: reasons,
		failuresByArea: areas,
		samples,
		text: text.filter(Boolean).join('\n'),
	};
}

function mostFirst<T extends { calls: number }>(groups: T[]): T[] {
	return groups.sort((a, b) => b.calls - a.calls);
}
