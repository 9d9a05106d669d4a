import type { WireRecord } from '../../api/types';
import { outcomeOf, secondsOf } from '../../records/record';
import type { RecordSource } from '../../records/scan';
import { toTimeSpan } from '../../records/windows';

/** Where records are looked up. */
export interface RecordLookup extends RecordSource {
	/** The record with that id, or `null`. */
	find(voiceId: string): Promise<WireRecord | null>;
	/** Unix time in milliseconds. */
	now(): number;
}

/** What became of the reports that were looked up. Each report is in one of the three lists, with its record or as it came. */
export interface Confirmation {
	/** Records of ended calls, in the order of the reports. */
	records: WireRecord[];
	/** Reports without a record, or whose call has not ended for all the API says. */
	missing: WireRecord[];
	/** Reports that were not looked up to the end, because `error` came between. */
	unasked: WireRecord[];
	error?: unknown;
	/** Whether the error may be over in a while. */
	mayPass?: boolean;
}

const MAX_LOOKUPS_AT_ONCE = 10;

/** From so many reports on, the list is read: a page of it brings up to a hundred records. */
const LIST_FROM_REPORTS = 50;
const LIST_PAGE_SIZE = 100;
/** Of a busy time, not more is read than this. */
const LISTED_PER_REPORT = 2;
const LIST_MARGIN_S = 5 * 60;
const MAX_LIST_SPAN_S = 30 * 24 * 60 * 60;

/**
 * Looks up the records of reported calls once: few of them each by its id, many in the list and, only if it is their
 * last try, by the id then. Never throws.
 */
export async function confirmCalls(
	reports: WireRecord[],
	isLastTry: boolean,
	lookup: RecordLookup,
): Promise<Confirmation> {
	const wanted = new Set(reports.map(({ voiceId }) => voiceId));
	const found = new Map<string, WireRecord>();
	const take = (record: WireRecord | null) => {
		if (record && wanted.has(record.voiceId) && outcomeOf(record) !== 'pending')
			found.set(record.voiceId, record);
	};
	const missing = () => reports.filter(({ voiceId }) => !found.has(voiceId));
	const inOrder = () =>
		reports.map(({ voiceId }) => found.get(voiceId)).filter((record) => record !== undefined);

	const isMany = reports.length >= LIST_FROM_REPORTS;
	try {
		if (isMany) await readList(reports, lookup, take);
		if (!isMany || isLastTry) await findEach(missing(), lookup, take);
		return { records: inOrder(), missing: missing(), unasked: [] };
	} catch (error) {
		return { records: inOrder(), missing: [], unasked: missing(), error };
	}
}

type Take = (record: WireRecord | null) => void;

/** The times in the reports only say where to look. Single ones may be made up. */
async function readList(reports: WireRecord[], { fetchPage, now }: RecordLookup, take: Take): Promise<void> {
	const nowS = Math.floor(now() / 1000);
	const times = reports
		.map(({ submitTime }) => secondsOf(submitTime) ?? 0)
		.filter((seconds) => seconds <= nowS && seconds > nowS - MAX_LIST_SPAN_S)
		.sort((a, b) => a - b);
	if (times.length === 0) return;
	const few = Math.floor(times.length / 20);
	const [fromS, toS] = [times[few], times[times.length - 1 - few]];
	const span = toTimeSpan({ fromS: fromS - LIST_MARGIN_S, toS: Math.min(nowS, toS + LIST_MARGIN_S) });
	const maxPages = Math.ceil((reports.length * LISTED_PER_REPORT) / LIST_PAGE_SIZE);
	for (let page = 1; page <= maxPages; page++) {
		const { records } = await fetchPage(span, page, LIST_PAGE_SIZE);
		records.forEach(take);
		if (records.length === 0) return;
	}
}

/** One request an id, several at once. The first that fails ends it. */
async function findEach(reports: WireRecord[], { find, width }: RecordLookup, take: Take): Promise<void> {
	const left = reports.values();
	let isOver = false;
	const findNext = async () => {
		for (const { voiceId } of left) {
			if (isOver) return;
			take(await find(voiceId));
		}
	};
	try {
		await Promise.all(Array.from({ length: width(MAX_LOOKUPS_AT_ONCE) }, findNext));
	} finally {
		isOver = true;
	}
}
