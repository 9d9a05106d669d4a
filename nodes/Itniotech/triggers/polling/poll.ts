import { DateTime } from 'luxon';
import {
	NodeApiError,
	UserError,
	type IDataObject,
	type INodeExecutionData,
	type IPollFunctions,
} from 'n8n-workflow';
import { createApi, type Api } from '../../api/endpoints';
import type { WireRecord } from '../../api/types';
import { outcomeOf, secondsOf } from '../../records/record';
import { scan } from '../../records/scan';
import { earliestTime } from '../../records/timeRange';
import type { TimeRange } from '../../records/windows';
import { catchUp, isTemporary, type CatchUpResult } from './catchUp';
import { readCheckpoint, startCheckpoint, withoutFuture, withSettings, type Checkpoint } from './checkpoint';
import { countFailure, createDigest, emptyTally, withMatches, type Tally } from './digest';
import { PollLog } from './pollLog';
import { addCheckpoint, hasPolled, newestCheckpoint } from './newestCheckpoints';
import { atServiceTime, type ServiceTime } from './serviceTime';
import { readSettings, type PollingSettings } from './settings';

interface Poll {
	context: IPollFunctions;
	api: Api;
	settings: PollingSettings;
	budgetMs: number;
	time: ServiceTime;
	log: PollLog;
}

interface PollResult {
	items: INodeExecutionData[];
	/** To be stored once the items are output. */
	checkpoint: Checkpoint;
}

/** n8n 2.41 allows about this much when polling every minute under its durable scheduler, and 5 minutes otherwise. */
const MAX_BUDGET_MS = 45_000;
/** n8n 2.41 gives up publishing a workflow whose first poll takes 84 s, and a request may take 30 s. */
const FIRST_BUDGET_MS = 20_000;
const SAMPLE_HOURS = [1, 24, 31 * 24];
const SAMPLE_LIMIT = 1000;

/**
 * @param trigger tells the triggers of this process apart
 * @param storedState what n8n stores for this node, unchecked
 * @throws NodeApiError, UserError, OperationalError; the stored state must not change then
 */
export async function poll(
	context: IPollFunctions,
	trigger: string,
	storedState: unknown,
): Promise<PollResult> {
	const maxMs = hasPolled(trigger) ? MAX_BUDGET_MS : FIRST_BUDGET_MS;
	const n8nBudgetMs = (context as Partial<IPollFunctions>).getPollBudgetMs?.() ?? maxMs;
	return await startPoll(context, Math.min(n8nBudgetMs, maxMs), async (current) => {
		const before = startingPoint(current, trigger, storedState);
		const result = await watchCalls(current, before);
		const items = await itemsOf(current, before, result);
		return { items, checkpoint: addCheckpoint(trigger, nextCheckpoint(current.settings, result)) };
	});
}

/**
 * An example for the editor: the newest call with the event, or else any recent call.
 * @throws UserError when there is no recent call
 */
export async function sample(context: IPollFunctions): Promise<INodeExecutionData[]> {
	return await startPoll(context, MAX_BUDGET_MS, async (current) => {
		const { settings, time } = current;
		for (const hours of SAMPLE_HOURS) {
			const range = { fromS: time.nowS - hours * 3600 + 1, toS: time.nowS };
			const ended = await readEnded(current, range);
			const matched = ended.filter(settings.hasEvent);
			const isLastTry = hours === SAMPLE_HOURS.at(-1);
			const samples = matched.length === 0 && isLastTry ? ended : matched;
			if (samples.length === 0) continue;
			if (!settings.isDigest) return [toItem(settings)(newestOf(samples))];
			const tally = { ...emptyTally(range.fromS), calls: ended.length };
			for (const record of ended) if (outcomeOf(record) === 'failed') countFailure(tally, record);
			const result = { matched: samples, toS: range.toS };
			return [{ json: await digestOf(current, withMatches(tally, samples), result) }];
		}
		throw new UserError('There are no calls from the last 31 days to show', {
			description: 'Make a call and try again, or check "Filters". The trigger works without an example.',
		});
	});
}

async function startPoll<T>(
	context: IPollFunctions,
	budgetMs: number,
	work: (current: Poll) => Promise<T>,
): Promise<T> {
	const settings = readSettings(context);
	const api = createApi(context, { deadlineMs: Date.now() + budgetMs });
	return await atServiceTime(api, async (time) => {
		const log = new PollLog(context);
		const result = await work({ context, api, settings, budgetMs, time, log });
		log.clockDifference(api.clockDifferenceMs() ?? 0);
		log.write();
		return result;
	});
}

function startingPoint({ settings, time, log }: Poll, trigger: string, storedState: unknown): Checkpoint {
	const { settingsHash, startFromS, lookbackS } = settings;
	const { nowS } = time;
	const before = newestCheckpoint(trigger, readCheckpoint(storedState));
	if (before) {
		const checkpoint = withSettings(before, settingsHash);
		const { readToS, resumeAtS } = checkpoint;
		// If the time was ahead by less than the look-back, the coming polls make up for it.
		if (readToS <= nowS + lookbackS && resumeAtS < nowS) return checkpoint;
		log.add(
			'warn',
			"an earlier poll went by a time ahead of ITNIO TECH's, so calls within the look-back may be output again",
		);
		return withoutFuture(checkpoint, nowS, lookbackS);
	}
	if (storedState === undefined) return startCheckpoint(settingsHash, nowS - startFromS, lookbackS);
	log.add('warn', 'the state of the last poll cannot be read, so it starts over from now');
	return startCheckpoint(settingsHash, nowS, lookbackS);
}

async function watchCalls(current: Poll, before: Checkpoint): Promise<CatchUpResult> {
	const { settings, time, budgetMs, log } = current;
	const watch = {
		...settings,
		read: (range: TimeRange) => readRange(current, range),
		earliestS: earliestTime(DateTime.fromSeconds(time.nowS)).toSeconds(),
		nowS: time.nowS,
		budgetMs,
		now: () => Date.now(),
	};
	const result = await catchUp(watch, before);
	const { abandonedCount, stoppedBy } = result;
	if (abandonedCount > 0)
		log.add('error', `calls that have not ended for too long and are no longer followed: ${abandonedCount}`);
	if (stoppedBy) log.add('warn', `${stoppedBy.message}. The next poll reads on.`);
	return result;
}

async function* readRange(
	{ api, settings, time, log }: Poll,
	range: TimeRange,
	limit?: number,
): AsyncGenerator<WireRecord[]> {
	const records = scan(api, {
		range,
		nowS: time.nowS,
		limit,
		...settings.paging,
		// A count that is wrong for good must not stop the trigger for good.
		incompleteLists: 'continue',
		onIncomplete: (difference) => log.incompleteList(difference),
	});
	for await (const batch of records) {
		time.check();
		yield batch;
	}
	time.check();
}

async function readEnded(current: Poll, range: TimeRange): Promise<WireRecord[]> {
	const { isWanted } = current.settings;
	const ended: WireRecord[] = [];
	for await (const records of readRange(current, range, SAMPLE_LIMIT)) {
		ended.push(...records.filter((record) => outcomeOf(record) !== 'pending' && isWanted(record)));
	}
	return ended;
}

async function itemsOf(
	current: Poll,
	before: Checkpoint,
	{ matched, toS, checkpoint }: CatchUpResult,
): Promise<INodeExecutionData[]> {
	const { settings, log } = current;
	const { tally } = checkpoint;
	if (settings.isDigest) {
		if (!isDue(settings, tally)) return [];
		return [{ json: await digestOf(current, tally, { matched, toS }) }];
	}
	// While "Output" was "Digest", calls may have been counted for a digest that was not due yet.
	const digestRecords = await fetchRecords(current, before.tally.sampleIds, (error) => !isTemporary(error));
	const missing = before.tally.matches - digestRecords.length;
	if (missing > 0) log.add('error', `calls of an unfinished digest that could not be output: ${missing}`);
	return [...digestRecords, ...matched].map(toItem(settings));
}

function nextCheckpoint(settings: PollingSettings, { checkpoint, toS }: CatchUpResult): Checkpoint {
	const { tally } = checkpoint;
	// Without a call that has the event, there is no digest, so the other calls are not counted for a later one.
	const isFinished = !settings.isDigest || isDue(settings, tally) || tally.matches === 0;
	return { ...checkpoint, tally: isFinished ? emptyTally(toS) : tally };
}

function isDue({ minimumMatches }: PollingSettings, { matches }: Tally): boolean {
	return matches >= minimumMatches;
}

async function digestOf(
	current: Poll,
	tally: Tally,
	{ matched, toS }: Pick<CatchUpResult, 'matched' | 'toS'>,
): Promise<IDataObject> {
	const recordsById = new Map(matched.map((record) => [record.voiceId, record]));
	// Of calls from earlier polls, only the ids are stored.
	const earlierIds = tally.sampleIds.filter((voiceId) => !recordsById.has(voiceId));
	for (const record of await fetchRecords(current, earlierIds)) recordsById.set(record.voiceId, record);
	const records = tally.sampleIds.map((voiceId) => recordsById.get(voiceId));
	const { toOutput, zone } = current.settings;
	return createDigest(tally, {
		toS,
		records: records.filter((record) => record !== undefined),
		toOutput,
		zone,
	});
}

/** The records of these ids, without those that the service no longer has, or refuses with an error that may be passed over. */
async function fetchRecords(
	{ api }: Poll,
	ids: string[],
	mayPassOver: (error: NodeApiError) => boolean = () => true,
): Promise<WireRecord[]> {
	const results = await Promise.allSettled(ids.map(async (voiceId) => await api.fetchRecord(voiceId)));
	const records = results.map((result) => {
		if (result.status === 'fulfilled') return result.value;
		if (result.reason instanceof NodeApiError && mayPassOver(result.reason)) return null;
		throw result.reason as Error;
	});
	return records.filter((record) => record !== null);
}

function toItem({ toOutput }: PollingSettings) {
	return (record: WireRecord): INodeExecutionData => ({ json: toOutput(record) });
}

function newestOf(records: WireRecord[]): WireRecord {
	return records.reduce((a, b) => ((secondsOf(b.submitTime) ?? 0) > (secondsOf(a.submitTime) ?? 0) ? b : a));
}
