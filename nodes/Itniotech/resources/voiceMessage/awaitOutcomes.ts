import type { Api } from '../../api/endpoints';
import { isTemporary } from '../../api/refusal';
import type { PlacedCall, WireRecord } from '../../api/types';
import { selectFields } from '../../records/output/fields';
import { calledNumberIn } from '../../records/phoneNumber';
import { outcomeOf, realTimeOf, textOf } from '../../records/record';
import { toTimeSpan } from '../../records/windows';
import type { NodeRun } from '../operationRun';

export type AwaitedCall = PlacedCall & {
	outcome: string | null;
	keyPressed: string | null;
	callDuration: number | null;
	cost: number | null;
};

export const NOT_AWAITED: Omit<AwaitedCall, keyof PlacedCall> = {
	outcome: null,
	keyPressed: null,
	callDuration: null,
	cost: null,
};

const FIRST_READ_MS = 5_000;
const READ_EVERY_MS = 15_000;
const RECORDS_PER_PAGE = 100;
/** The service's clock is known to the minute, and the call may be listed as of a little earlier. */
const MARGIN_S = 120;
/** Several machines of the service may write the times. */
const CLOCKS_DIFFER_S = 5;

const endedFields = selectFields(['outcome', 'reason', 'keyPressed', 'callDuration', 'cost'], 'UTC');

/**
 * Fills in the outcome of each call that ends in time, from one list for all of them. A stop of the execution ends the
 * wait with what is known.
 * @param fromMs when the run began
 * @param serverStartMs the same by this server's clock
 * @returns why the last list could not be read, if it could not
 */
export async function awaitOutcomes(
	{
		nodeRun,
		fromMs,
		serverStartMs,
		maxWaitMs,
	}: { nodeRun: NodeRun; fromMs: number; serverStartMs: number; maxWaitMs: number },
	calls: AwaitedCall[],
): Promise<Error | undefined> {
	const { api } = nodeRun;
	const open = new Set(calls);
	const startMs = api.now();
	const fromS = Math.floor(Math.min(fromMs, startMs) / 1000) - MARGIN_S;
	let error: Error | undefined;
	for (let delayMs = FIRST_READ_MS; open.size > 0; delayMs = READ_EVERY_MS) {
		const leftMs = startMs + maxWaitMs - api.now();
		if (leftMs <= 0) break;
		try {
			await api.wait(Math.min(delayMs, leftMs));
			for await (const records of listPages(api.within(Math.max(0, leftMs - delayMs)), fromS)) {
				const placedFromS = api.exactTimeOf(serverStartMs) / 1000 - CLOCKS_DIFFER_S;
				fillIn(records, { calls, open, placedFromS });
				if (open.size === 0) break;
			}
			error = undefined;
		} catch (thrown) {
			if (nodeRun.isCancelled) break;
			error = thrown as Error;
			if (!isTemporary(error)) break;
		}
	}
	return error;
}

/** One page after the other: each list is short, and a call that one list lacks is in the next. */
async function* listPages(api: Api, fromS: number): AsyncGenerator<WireRecord[]> {
	const window = toTimeSpan({ fromS, toS: Math.floor(api.now() / 1000) });
	const ids = new Set<string>();
	for (let current = 1, rows = 0; ; current++) {
		const {
			records,
			rowsWithoutId = [],
			total,
			size = RECORDS_PER_PAGE,
		} = await api.fetchPage(window, { current, size: RECORDS_PER_PAGE });
		const newRecords = records.filter(({ voiceId }) => !ids.has(voiceId));
		if (newRecords.length === 0) return;
		yield newRecords;
		for (const { voiceId } of newRecords) ids.add(voiceId);
		const rowsOfPage = records.length + rowsWithoutId.length;
		rows += rowsOfPage;
		if (rowsOfPage < size && rows >= (total ?? 0)) return;
	}
}

function fillIn(
	records: WireRecord[],
	{ calls, open, placedFromS }: { calls: AwaitedCall[]; open: Set<AwaitedCall>; placedFromS: number },
): void {
	const byId = new Map(calls.map((call) => [call.voiceId, call]));
	const lost = [...open].filter(({ voiceId }) => voiceId === null);
	for (const record of records) {
		// An earlier run may have called the number with the same reference.
		const isOfRun = (realTimeOf(record.submitTime) ?? Infinity) >= placedFromS;
		const call = byId.get(record.voiceId) ?? lost.find((one) => isOfRun && isSameCall(one, record));
		if (!call || !open.has(call)) continue;
		if (call.status === 'unknown') {
			const { voiceId } = record;
			Object.assign(call, { status: 'submitted', reason: null, voiceId, outcome: 'pending' });
			byId.set(voiceId, call);
			lost.splice(lost.indexOf(call), 1);
		}
		if (outcomeOf(record) === 'pending') continue;
		Object.assign(call, endedFields(record));
		open.delete(call);
	}
}

/** What is known of a call whose answer was lost: its number and its reference. */
function isSameCall({ calledNumber, calledInfo }: AwaitedCall, record: WireRecord): boolean {
	return calledNumberIn(record) === calledNumber && textOf(record.calledInfo) === calledInfo;
}
