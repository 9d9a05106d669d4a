import { DateTime } from 'luxon';
import {
	NodeApiError,
	UserError,
	type IDataObject,
	type INodeExecutionData,
	type IPollFunctions,
} from 'n8n-workflow';
import { isTemporary } from '../../api/refusal';
import type { WireRecord } from '../../api/types';
import { numberText } from '../../records/output/text';
import { outcomeOf, secondsOf } from '../../records/record';
import { earliestTime } from '../../records/windows';
import type { TimeRange } from '../../records/calendar';
import { catchUp, oldestFirst, type CatchUpResult } from './catchUp';
import {
	isCheckpoint,
	readCheckpoint,
	startCheckpoint,
	withoutFuture,
	withSettings,
	type Checkpoint,
} from './checkpoint';
import { countFailure, createDigest, emptyTally, withMatches, type DigestTally } from './digest';
import { addCheckpoint, isReadable, newestCheckpoint } from './newestCheckpoints';
import { readPolledRange, startPoll, type PollResult, type PollRun, type PollStart } from './pollRun';
import { readPollingSettings, type PollingSettings } from './settings';

type Poll = PollRun<PollingSettings>;

const SAMPLE_HOURS = [1, 24, 31 * 24];
const SAMPLE_LIMIT = 1000;

/** @throws NodeApiError, UserError, OperationalError; the stored state must not change then */
export async function poll(
	context: IPollFunctions,
	{ trigger, storedState, isFirst }: PollStart,
): Promise<PollResult<Checkpoint>> {
	const settings = readPollingSettings(context);
	return await startPoll(context, { settings, isFirst }, async (current) => {
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
	const settings = readPollingSettings(context);
	return await startPoll(context, { settings, isFirst: false }, async (current) => {
		const { time } = current;
		for (const hours of SAMPLE_HOURS) {
			const range = { fromS: time.nowS - hours * 3600 + 1, toS: time.nowS };
			const { ended, fromS } = await readEnded(current, range);
			const matched = ended.filter(settings.hasEvent);
			const isLastTry = hours === SAMPLE_HOURS.at(-1);
			const samples = matched.length === 0 && isLastTry ? ended : matched;
			if (samples.length === 0) continue;
			if (!settings.isDigest) return [callItem(settings)(newestOf(samples))];
			const tally = { ...emptyTally(fromS), calls: ended.length };
			for (const record of ended) if (outcomeOf(record) === 'failed') countFailure(tally, record);
			const result = { matched, toS: range.toS };
			return [{ json: await digestOf(current, withMatches(tally, oldestFirst(matched)), result) }];
		}
		throw new UserError('There are no calls from the last 31 days to show', {
			description: 'Make a call and try again, or check "Filters". The trigger works without an example.',
		});
	});
}

function startingPoint({ settings, time, log }: Poll, trigger: string, storedState: unknown): Checkpoint {
	const { settingsHash, startFromS, lookbackS } = settings;
	const { nowS } = time;
	const before = newestCheckpoint(trigger, readCheckpoint(storedState), isCheckpoint);
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
	if (!isReadable(storedState))
		log.add('warn', 'the state of the last poll cannot be read, so it starts over from now');
	return startCheckpoint(settingsHash, nowS, lookbackS);
}

async function watchCalls(current: Poll, before: Checkpoint): Promise<CatchUpResult> {
	const { settings, time, budgetMs, log } = current;
	const watch = {
		...settings,
		read: (range: TimeRange) => readPolledRange(current, range),
		earliestS: earliestTime(DateTime.fromSeconds(time.nowS)).toSeconds(),
		nowS: time.nowS,
		budgetMs,
		now: () => Date.now(),
	};
	const result = await catchUp(watch, before);
	const { abandonedCount, stoppedBy } = result;
	if (abandonedCount > 0)
		log.add(
			'error',
			`calls that are no longer followed, because no end was listed within seven days, or because 50,000 others are open: ${numberText(abandonedCount)}`,
		);
	if (stoppedBy) log.add('warn', `${stoppedBy.message}. The next poll reads on.`);
	return result;
}

/** The newest calls of a range, and since when they are all calls. */
async function readEnded(current: Poll, range: TimeRange): Promise<{ ended: WireRecord[]; fromS: number }> {
	const { isWanted } = current.settings;
	const ended: WireRecord[] = [];
	let [count, oldestS] = [0, range.toS];
	for await (const records of readPolledRange(current, range, { limit: SAMPLE_LIMIT })) {
		count += records.length;
		for (const { submitTime } of records) oldestS = Math.min(oldestS, secondsOf(submitTime) ?? oldestS);
		ended.push(...records.filter((record) => outcomeOf(record) !== 'pending' && isWanted(record)));
	}
	return { ended, fromS: count < SAMPLE_LIMIT ? range.fromS : oldestS };
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
	if (missing > 0)
		log.add('error', `calls of an unfinished digest that could not be output: ${numberText(missing)}`);
	return [...digestRecords, ...matched].map(callItem(settings));
}

function nextCheckpoint(settings: PollingSettings, { checkpoint, toS }: CatchUpResult): Checkpoint {
	const { tally } = checkpoint;
	// Without a call that has the event, there is no digest, so the other calls are not counted for a later one.
	const isFinished = !settings.isDigest || isDue(settings, tally) || tally.matches === 0;
	return { ...checkpoint, tally: isFinished ? emptyTally(toS) : tally };
}

function isDue({ minimumMatches }: PollingSettings, { matches }: DigestTally): boolean {
	return matches >= minimumMatches;
}

async function digestOf(
	current: Poll,
	tally: DigestTally,
	{ matched, toS }: Pick<CatchUpResult, 'matched' | 'toS'>,
): Promise<IDataObject> {
	const recordsById = new Map(matched.map((record) => [record.voiceId, record]));
	// Only the ids of calls from earlier polls are stored.
	const earlierIds = tally.sampleIds.filter((voiceId) => !recordsById.has(voiceId));
	for (const record of await fetchRecords(current, earlierIds)) recordsById.set(record.voiceId, record);
	const records = tally.sampleIds.map((voiceId) => recordsById.get(voiceId));
	const { toOutput, zone, countName } = current.settings;
	return createDigest(tally, {
		toS,
		records: records.filter((record) => record !== undefined),
		toOutput,
		zone,
		countName,
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

function callItem({ toOutput }: PollingSettings) {
	return (record: WireRecord): INodeExecutionData => ({ json: toOutput(record) });
}

function newestOf(records: WireRecord[]): WireRecord {
	return oldestFirst(records).at(-1)!;
}
