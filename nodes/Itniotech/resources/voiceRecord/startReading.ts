import { DateTime } from 'luxon';
import { OperationalError } from 'n8n-workflow';
import type { Api } from '../../api/endpoints';
import type { WireRecord } from '../../api/types';
import type { RecordQuery } from '../../records/query';
import { describeDifference, scan, type ListDifference, type RecordSource } from '../../records/scan';
import { FutureStartError } from '../../records/timeRange';
import { toTimeSpan } from '../../records/windows';
import { addHint } from '../addHint';
import type { OperationRun } from '../operationRun';
import { readQuery } from './readQuery';

/** Less is the time that an answer takes. */
const MIN_CORRECTION_MS = 60_000;
/** A clock that is off by more would be noticed elsewhere. */
const DAY_MS = 24 * 60 * 60_000;

export interface Reading {
	query: RecordQuery;
	/** Up to a page of records each. */
	batches: AsyncGenerator<WireRecord[]>;
}

/**
 * If the first response shows that this server's clock is off, starts over with a new range: nothing was output yet.
 * @throws UserError naming a parameter, and what the API throws
 */
export async function startReading(run: OperationRun, { hasLimit = false } = {}): Promise<Reading> {
	const { api } = run;
	for (let isFirstTry = true; ; isFirstTry = false) {
		const query = await readQueryAtServiceTime(run, { hasLimit });
		const knownMs = differenceOf(api);
		const isClockOff = () => isFirstTry && Math.abs(differenceOf(api) - knownMs) >= MIN_CORRECTION_MS;
		const counts = { read: 0, matched: 0 };
		const batches = scan(stopWhen(isClockOff, api), {
			...query,
			isWanted: countMatches(query, counts),
			onIncomplete: (difference) => addHint(run.context, differenceHint(difference, query.zone)),
			onTooOld: (fromS) => addHint(run.context, tooOldHint(fromS, query.zone)),
		});
		const first = await batches.next().catch((error: Error) => {
			if (!isClockOff()) throw error;
		});
		if (!first) continue;
		addQueryHints(run, query);
		const addHints = () => {
			addFilterHint(run, counts);
			addSlowdownHint(run);
		};
		return { query, batches: resume(first, batches, addHints) };
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
		// A range in the past for the service too.
		const toS = Math.floor((api.now() - DAY_MS) / 1000);
		await api.fetchPage(toTimeSpan({ fromS: toS - 3600, toS }), 1, 1);
		return readQuery(run, options);
	});
}

function differenceOf(api: Api): number {
	return api.clockDifferenceMs() ?? 0;
}

/** Reads on after the first response only if the query is still right. */
function stopWhen(isOutdated: () => boolean, api: Api): RecordSource {
	let isFirst = true;
	return {
		width: () => api.width(),
		now: () => api.now(),
		async fetchPage(window, current, size, signal) {
			const page = await api.fetchPage(window, current, size, signal);
			if (isFirst && isOutdated()) throw new OperationalError('The clock of this server is off');
			isFirst = false;
			return page;
		},
	};
}

interface Counts {
	read: number;
	matched: number;
}

function countMatches({ isWanted }: RecordQuery, counts: Counts): RecordQuery['isWanted'] {
	if (!isWanted) return undefined;
	return (record) => {
		const isMatch = isWanted(record);
		counts.read++;
		if (isMatch) counts.matched++;
		return isMatch;
	};
}

async function* resume(
	first: IteratorResult<WireRecord[]>,
	rest: AsyncGenerator<WireRecord[]>,
	atEnd: () => void,
): AsyncGenerator<WireRecord[]> {
	try {
		if (!first.done) {
			yield first.value;
			yield* rest;
		}
		atEnd();
	} finally {
		await rest.return(undefined);
	}
}

function differenceHint(difference: ListDifference, zone: string): string {
	const [from, to] = [difference.fromS, difference.toS].map((seconds) => describeTime(seconds, zone));
	return `${describeDifference(difference)}, from ${from} to ${to}. What it listed was output.`;
}

function tooOldHint(fromS: number, zone: string): string {
	return `ITNIO TECH keeps records for two months, so the records before ${describeTime(fromS, zone)} were gone by the time they were read`;
}

function describeTime(seconds: number, zone: string): string | null {
	return DateTime.fromSeconds(seconds, { zone }).toISO({ suppressMilliseconds: true });
}

function addFilterHint({ context }: OperationRun, { read, matched }: Counts): void {
	if (read > 0 && matched === 0) addHint(context, `0 of ${read} records matched the filters`);
}

function addSlowdownHint({ context, api }: OperationRun): void {
	const slowdown = api.slowdownOfRun();
	if (!slowdown) return;
	const { maxInFlight, rejections } = slowdown;
	addHint(
		context,
		`Read with up to ${maxInFlight} ${maxInFlight === 1 ? 'request' : 'requests'} at a time because ITNIO TECH rejected ${rejections} as too many`,
	);
}

function addQueryHints({ context, api }: OperationRun, { hint }: RecordQuery): void {
	if (hint !== undefined) addHint(context, hint);
	const minutes = Math.round(differenceOf(api) / 60_000);
	if (minutes === 0) return;
	addHint(
		context,
		`The clock of this n8n server is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'behind' : 'ahead of'} ITNIO TECH's clock. The time range goes by ITNIO TECH's clock.`,
	);
}
