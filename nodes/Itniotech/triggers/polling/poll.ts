import { DateTime } from 'luxon';
import { UserError, type IDataObject, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';
import type { Api } from '../../api/endpoints';
import type { WireRecord } from '../../api/types';
import { outcomeOf, secondsOf } from '../../records/record';
import { scan } from '../../records/scan';
import { earliestTime } from '../../records/timeRange';
import type { TimeRange } from '../../records/windows';
import { catchUp, type CatchUpResult } from './catchUp';
import { readCheckpoint, startCheckpoint, type Checkpoint } from './checkpoint';
import { countFailure, createDigest, emptyTally, withMatches, type Tally } from './digest';
import { readSettings, type PollingSettings } from './settings';

interface Poll {
	context: IPollFunctions;
	api: Api;
	settings: PollingSettings;
	nowS: number;
}

interface PollResult {
	items: INodeExecutionData[];
	/** To be stored once the items are output. */
	checkpoint: Checkpoint;
}

/** n8n's older engines set no budget; this is what its newer ones allow when polling every minute. */
const DEFAULT_BUDGET_MS = 45_000;
const SAMPLE_HOURS = [1, 24, 31 * 24];
const SAMPLE_LIMIT = 1000;

/**
 * @param storedState what n8n stores for this node, unchecked
 * @throws NodeApiError, UserError, OperationalError; the stored state must not change then
 */
export async function poll(context: IPollFunctions, api: Api, storedState: unknown): Promise<PollResult> {
	const current = await startPoll(context, api);
	const { settings } = current;
	const { matched, toS, checkpoint } = await watchCalls(current, startingPoint(current, storedState));
	const { tally } = checkpoint;
	const isDue = tally.matches >= settings.minimumMatches;
	// Without a call that has the event, there is no digest, so the other calls are not counted for a later one.
	const isFinished = isDue || tally.matches === 0 || !settings.isDigest;
	const nextCheckpoint = { ...checkpoint, tally: isFinished ? emptyTally(toS) : tally };
	if (!settings.isDigest) return { items: matched.map(toItem(settings)), checkpoint: nextCheckpoint };
	const items = isDue ? [{ json: await digestOf(current, tally, { matched, toS }) }] : [];
	return { items, checkpoint: nextCheckpoint };
}

/**
 * An example for the editor: the newest call with the event, or else any recent call.
 * @throws UserError when there is no recent call
 */
export async function sample(context: IPollFunctions, api: Api): Promise<INodeExecutionData[]> {
	const current = await startPoll(context, api);
	const { settings, nowS } = current;
	for (const hours of SAMPLE_HOURS) {
		const fromS = nowS - hours * 3600 + 1;
		const ended = await readEnded(current, { fromS, toS: nowS });
		const matched = ended.filter(settings.hasEvent);
		const isLastTry = hours === SAMPLE_HOURS.at(-1);
		const samples = matched.length === 0 && isLastTry ? ended : matched;
		if (samples.length === 0) continue;
		if (!settings.isDigest) return [toItem(settings)(newestOf(samples))];
		const tally = { ...emptyTally(fromS), calls: ended.length };
		for (const record of ended) if (outcomeOf(record) === 'failed') countFailure(tally, record);
		const result = { matched: samples, toS: nowS };
		return [{ json: await digestOf(current, withMatches(tally, samples), result) }];
	}
	throw new UserError('There is no call of the last 31 days to show', {
		description: 'Make a call and try again, or check "Filters". The trigger itself works without one.',
	});
}

async function startPoll(context: IPollFunctions, api: Api): Promise<Poll> {
	return { context, api, settings: await readSettings(context), nowS: Math.floor(Date.now() / 1000) };
}

function startingPoint({ context, settings, nowS }: Poll, storedState: unknown): Checkpoint {
	const { settingsHash, startFromS, lookbackS } = settings;
	if (storedState === undefined) return startCheckpoint(settingsHash, nowS - startFromS, lookbackS);
	const warn = (text: string) => context.logger.warn(`ITNIO TECH Trigger: ${text}`);
	const checkpoint = readCheckpoint(storedState);
	if (checkpoint?.settingsHash !== settingsHash) {
		const reason = checkpoint
			? 'account, event or filters have changed'
			: 'the state of the last poll cannot be read';
		warn(`${reason}, so it starts over from now`);
		return startCheckpoint(settingsHash, nowS, lookbackS);
	}
	// If the clock was ahead by less than the look-back, the coming polls make up for it.
	if (checkpoint.readToS <= nowS + lookbackS) return checkpoint;
	warn(
		'the clock of this server was ahead in an earlier poll, so calls of the look-back may be output again',
	);
	return startCheckpoint(settingsHash, nowS - lookbackS, lookbackS);
}

async function watchCalls(current: Poll, before: Checkpoint): Promise<CatchUpResult> {
	const { context, settings, nowS } = current;
	const watch = {
		...settings,
		read: (range: TimeRange) => readRange(current, range),
		isCounting: settings.isDigest,
		earliestS: earliestTime(DateTime.fromSeconds(nowS)).toSeconds(),
		nowS,
		budgetMs: (context as Partial<IPollFunctions>).getPollBudgetMs?.() ?? DEFAULT_BUDGET_MS,
		now: Date.now,
	};
	return await catchUp(watch, before);
}

function readRange(
	{ api, settings, nowS }: Poll,
	range: TimeRange,
	limit?: number,
): AsyncGenerator<WireRecord[]> {
	return scan(api, { range, nowS, limit, ...settings.paging });
}

async function readEnded(current: Poll, range: TimeRange): Promise<WireRecord[]> {
	const { isWanted } = current.settings;
	const ended: WireRecord[] = [];
	for await (const records of readRange(current, range, SAMPLE_LIMIT)) {
		ended.push(...records.filter((record) => outcomeOf(record) !== 'pending' && isWanted(record)));
	}
	return ended;
}

async function digestOf(
	{ context, api, settings }: Poll,
	tally: Tally,
	{ matched, toS }: Pick<CatchUpResult, 'matched' | 'toS'>,
): Promise<IDataObject> {
	const recordsById = new Map(matched.map((record) => [record.voiceId, record]));
	// Of calls from earlier polls, only the ids are stored.
	const records = await Promise.all(
		tally.sampleIds.map(async (voiceId) => recordsById.get(voiceId) ?? (await api.fetchRecord(voiceId))),
	);
	const samples = records.filter((record) => record !== null).map(settings.toOutput);
	return createDigest(tally, { toS, samples, zone: context.getTimezone() });
}

function toItem({ toOutput }: PollingSettings) {
	return (record: WireRecord): INodeExecutionData => ({ json: toOutput(record) });
}

function newestOf(records: WireRecord[]): WireRecord {
	return records.reduce((a, b) => ((secondsOf(b.submitTime) ?? 0) > (secondsOf(a.submitTime) ?? 0) ? b : a));
}
