import { OperationalError } from 'n8n-workflow';
import type { Api } from '../../../api/endpoints';
import { isRejected } from '../../../api/refusal';
import { watchClock } from '../../../api/timing';
import type { WireRecord } from '../../../api/types';
import { numberText } from '../../../records/output/text';
import type { RecordQuery } from '../../../records/query/query';
import type { RecordSource } from '../../../records/scan/windowScanner';
import { FutureStartError } from '../../../records/query/timeRange';
import { pastHour } from '../../../records/windows';
import type { OperationRun } from '../../operationRun';
import { addQueryHints, addReadingHints, countPending, listHints, type Counts } from './readingHints';
import { readQuery } from './readQuery';
import { SharedReadings } from './sharedReadings';

/** A clock that is off by more would be noticed elsewhere. */
const DAY_MS = 24 * 60 * 60_000;

interface Reading {
	query: RecordQuery;
	/** Up to a page of records each. */
	batches: AsyncGenerator<WireRecord[]>;
	/** Whether ITNIO listed less than all records, as far as they were read. */
	hasGaps(): boolean;
}

/**
 * Items with the same range read it together. If the first response shows that this server's clock is off, starts over with
 * a new range: nothing was output yet.
 * @throws UserError naming a parameter, and what the API throws
 */
export async function startReading(
	run: OperationRun,
	{ hasLimit = false, needsAll = false, isOutput = false } = {},
): Promise<Reading> {
	const { api, itemIndex, nodeRun } = run;
	for (let isFirstTry = true; ; isFirstTry = false) {
		const query = await readQueryAtServiceTime(run, { hasLimit });
		const isClockWrong = watchClock(api);
		const isClockOff = () => isFirstTry && isClockWrong();
		const counts = { filtered: 0, matched: 0, pending: 0 };
		let hasGaps = false;
		const reportGap: OperationRun['hint'] = (text, summary) => {
			hasGaps = true;
			run.caveat(text, summary);
		};
		const batches = nodeRun.once(SharedReadings.create).read(stopWhen(isClockOff, api), {
			...query,
			place: itemIndex,
			isOutput,
			...(needsAll && { range: { ...query.range, toS: query.nowS }, incompleteLists: undefined }),
			isWanted: countMatches(query, counts),
			...listHints(reportGap, query.zone),
		});
		// Whoever fails between two batches would hold up the others.
		run.atEnd(async () => await batches.return(undefined));
		const first = await batches.next().catch((error: Error) => {
			if (!isClockOff()) throw error;
		});
		if (!first) continue;
		addQueryHints(run, query);
		return {
			query,
			hasGaps: () => hasGaps,
			batches: observe(resume(first, batches), counts, () => addReadingHints(run, query, counts)),
		};
	}
}

/** A start in the future by the clock of this server may be past by the service's, which only an answer shows. */
async function readQueryAtServiceTime(
	run: OperationRun,
	options: { hasLimit: boolean },
): Promise<RecordQuery> {
	const { api } = run;
	const read = async () => readQuery(run, options);
	return await read().catch(async (error: Error) => {
		const mayBePast = error instanceof FutureStartError && error.aheadMs <= DAY_MS;
		if (!mayBePast || api.clockDifferenceMs() !== undefined) throw error;
		await api.fetchPage(pastHour(api.now()), { current: 1, size: 1 });
		return readQuery(run, options);
	});
}

/** Reads on after the first response only if the query is still right. */
function stopWhen(isOutdated: () => boolean, api: Api): RecordSource {
	let isFirst = true;
	return {
		width: () => api.width(),
		now: () => api.now(),
		async fetchPage(...request) {
			const page = await api.fetchPage(...request);
			if (isFirst && isOutdated()) throw new OperationalError('The clock of this server is off');
			isFirst = false;
			return page;
		},
	};
}

function countMatches({ isWanted }: RecordQuery, counts: Counts): RecordQuery['isWanted'] {
	if (!isWanted) return undefined;
	return (record) => {
		const isMatch = isWanted(record);
		counts.filtered++;
		if (isMatch) counts.matched++;
		return isMatch;
	};
}

async function* resume(
	first: IteratorResult<WireRecord[]>,
	rest: AsyncGenerator<WireRecord[]>,
): AsyncGenerator<WireRecord[]> {
	try {
		if (first.done) return;
		yield first.value;
		yield* rest;
	} finally {
		await rest.return(undefined);
	}
}

async function* observe(
	batches: AsyncGenerator<WireRecord[]>,
	counts: Counts,
	atEnd: () => void,
): AsyncGenerator<WireRecord[]> {
	let inHand = 0;
	try {
		for await (const records of batches) {
			counts.pending += countPending(records);
			inHand += records.length;
			yield records;
		}
	} catch (error) {
		throw withRecordsInHand(error as Error, inHand);
	}
	atEnd();
}

function withRecordsInHand(error: Error, inHand: number): Error {
	if (!isRejected(error)) return error;
	const description = (error.description ?? '').replace(/\.$/, '');
	error.description = `${description}. Records read before: ${numberText(inHand)}. A shorter "Time Range" needs fewer requests.`;
	return error;
}
