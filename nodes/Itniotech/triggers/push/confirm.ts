import type { WireRecord } from '../../api/types';
import { outcomeOf, secondsOf } from '../../records/record';
import type { RecordSource } from '../../records/scan/windowScanner';
import { toTimeSpan } from '../../records/windows';

export interface RecordLookup extends Pick<RecordSource, 'fetchPage' | 'width'> {
	find(voiceId: string): Promise<WireRecord | null>;
	nowMs(): number;
}

/** Each pushed call is in exactly one of the three lists. */
export interface Confirmation {
	/** Those of ended calls, in the order of the pushed calls. */
	records: WireRecord[];
	/** Without a record, or not ended according to their record. */
	missing: WireRecord[];
	/** Not looked up because of `error`. */
	remaining: WireRecord[];
	error?: unknown;
	isTemporary?: boolean;
}

const MAX_CONCURRENT_LOOKUPS = 10;

/** From this number on, reading the list is cheaper: a page brings up to a hundred records. */
const MIN_CALLS_FOR_LIST = 50;
const LIST_PAGE_SIZE = 100;
const MAX_LISTED_PER_CALL = 2;
const LIST_MARGIN_S = 5 * 60;
const MAX_LIST_AGE_S = 30 * 24 * 60 * 60;

/**
 * Looks up the records of pushed calls: a few by their IDs, many in the list of records and, if thorough, by their
 * IDs where the list did not contain them. Never throws.
 */
export async function confirmCalls(
	calls: WireRecord[],
	isThorough: boolean,
	lookup: RecordLookup,
): Promise<Confirmation> {
	const wantedIds = new Set(calls.map(({ voiceId }) => voiceId));
	const recordsById = new Map<string, WireRecord>();
	const add = (record: WireRecord | null) => {
		if (!record || !wantedIds.has(record.voiceId) || outcomeOf(record) === 'pending') return;
		recordsById.set(record.voiceId, record);
	};
	const records = () =>
		calls.map(({ voiceId }) => recordsById.get(voiceId)).filter((record) => record !== undefined);
	const missing = () => calls.filter(({ voiceId }) => !recordsById.has(voiceId));

	const isMany = calls.length >= MIN_CALLS_FOR_LIST;
	try {
		if (isMany) await readList(calls, lookup, add);
		if (!isMany || isThorough) await findEach(missing(), lookup, add);
		return { records: records(), missing: missing(), remaining: [] };
	} catch (error) {
		return { records: records(), missing: [], remaining: missing(), error };
	}
}

type AddRecord = (record: WireRecord | null) => void;

/** The pushed times only say where to look: some may be fake, so the extremes do not count. */
async function readList(
	calls: WireRecord[],
	{ fetchPage, nowMs }: RecordLookup,
	add: AddRecord,
): Promise<void> {
	const nowS = Math.floor(nowMs() / 1000);
	const times = calls
		.map(({ submitTime }) => secondsOf(submitTime) ?? 0)
		.filter((seconds) => seconds <= nowS && seconds > nowS - MAX_LIST_AGE_S)
		.sort((a, b) => a - b);
	if (times.length === 0) return;
	const extremes = Math.floor(times.length / 20);
	const [firstS, lastS] = [times[extremes], times[times.length - 1 - extremes]];
	const window = toTimeSpan({ fromS: firstS - LIST_MARGIN_S, toS: Math.min(nowS, lastS + LIST_MARGIN_S) });
	const maxPages = Math.ceil((calls.length * MAX_LISTED_PER_CALL) / LIST_PAGE_SIZE);
	for (let current = 1; current <= maxPages; current++) {
		const { records } = await fetchPage(window, { current, size: LIST_PAGE_SIZE });
		records.forEach(add);
		if (records.length === 0) return;
	}
}

/** Several requests at once; the first error stops them all. */
async function findEach(calls: WireRecord[], { find, width }: RecordLookup, add: AddRecord): Promise<void> {
	const queue = calls.values();
	let isStopped = false;
	const findNext = async () => {
		for (const { voiceId } of queue) {
			if (isStopped) return;
			add(await find(voiceId));
		}
	};
	try {
		await Promise.all(Array.from({ length: Math.min(width(), MAX_CONCURRENT_LOOKUPS) }, findNext));
	} finally {
		isStopped = true;
	}
}
