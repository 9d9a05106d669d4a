import { DateTime } from 'luxon';
import { UserError, type IDataObject, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';
import type { Api } from '../../api/endpoints';
import type { WireRecord } from '../../api/types';
import { readCheckpoint, startCheckpoint, type Checkpoint } from './checkpoint';
import { countFailure, countMatch, createDigest, emptyTally, type Tally } from './digest';
import { outcomeOf, secondsOf } from '../../records/record';
import { scan } from '../../records/scan';
import { earliestTime } from '../../records/timeRange';
import { watchCalls } from './catchUp';
import type { TimeRange } from '../../records/windows';
import { readSettings, type PollingSettings } from './settings';

/** n8n's older engines set no budget; this is what its newer ones leave of a minute. */
const DEFAULT_BUDGET_MS = 45_000;

/** The items of a poll, and the state to keep once they are given out. */
export interface PollResult {
	items: INodeExecutionData[];
	checkpoint: Checkpoint;
}

/**
 * Looks for new calls since the state that was kept.
 * @param kept what n8n keeps for this node, unchecked
 * @throws NodeApiError, UserError, OperationalError; nothing is to be kept then
 */
export async function poll(context: IPollFunctions, api: Api, kept: unknown): Promise<PollResult> {
	const settings = await readSettings(context);
	const nowMs = Date.now();
	const nowS = Math.floor(nowMs / 1000);
	const before = startingPoint(context, settings, kept, nowS);
	const { matched, toS, checkpoint } = await watchCalls(
		{
			...settings,
			read: (range) => readRange(api, settings, range, nowS),
			isCounting: settings.isDigest,
			earliestS: earliestTime(DateTime.fromMillis(nowMs)).toSeconds(),
			budgetMs: (context as Partial<IPollFunctions>).getPollBudgetMs?.() ?? DEFAULT_BUDGET_MS,
			now: Date.now,
		},
		before,
	);
	const { tally } = checkpoint;
	const isDue = tally.matches >= settings.minimumMatches;
	// Calls without the event are part of a digest only beside those with it.
	const nextTally = isDue || tally.matches === 0 || !settings.isDigest ? emptyTally(toS) : tally;
	return {
		items: settings.isDigest
			? isDue
				? [{ json: await digest(context, api, settings, tally, matched, toS) }]
				: []
			: matched.map((record) => ({ json: settings.toOutput(record) })),
		checkpoint: { ...checkpoint, tally: nextTally },
	};
}

/**
 * An item as the trigger would give it out, for a test in the editor: of the newest call with the event, else of any
 * recent one.
 * @throws UserError when there is no recent call
 */
export async function sample(context: IPollFunctions, api: Api): Promise<INodeExecutionData[]> {
	const settings = await readSettings(context);
	const nowS = Math.floor(Date.now() / 1000);
	const ended: WireRecord[] = [];
	for (const hours of SAMPLE_HOURS) {
		ended.length = 0;
		const range = { fromS: nowS - hours * 3600 + 1, toS: nowS };
		for await (const records of readRange(api, settings, range, nowS, SAMPLE_LIMIT)) {
			ended.push(...records.filter((record) => outcomeOf(record) !== 'pending' && settings.isWanted(record)));
		}
		const matched = ended.filter(settings.hasEvent);
		const isLast = hours === SAMPLE_HOURS.at(-1);
		const shown = matched.length > 0 ? matched : isLast ? ended : [];
		if (shown.length === 0) continue;
		if (!settings.isDigest) return [{ json: settings.toOutput(newest(shown)) }];
		const tally = emptyTally(range.fromS);
		tally.calls = ended.length;
		for (const record of ended) if (outcomeOf(record) === 'failed') countFailure(tally, record);
		for (const record of shown) countMatch(tally, record);
		return [{ json: await digest(context, api, settings, tally, shown, nowS) }];
	}
	throw new UserError('There is no call of the last 31 days to show', {
		description: 'Make a call and try again, or check "Filters". The trigger itself works without one.',
	});
}

const SAMPLE_HOURS = [1, 24, 31 * 24];
/** A sample needs not more records than this of a busy time. */
const SAMPLE_LIMIT = 1000;

function startingPoint(
	context: IPollFunctions,
	{ watched, lookbackS, startFromS }: PollingSettings,
	kept: unknown,
	nowS: number,
): Checkpoint {
	if (kept === undefined) return startCheckpoint(watched, nowS - startFromS, lookbackS);
	const checkpoint = readCheckpoint(kept);
	if (checkpoint?.watched === watched) {
		// Of a clock that was ahead by less, the look-back makes up for it once the time has come.
		if (checkpoint.readToS <= nowS + lookbackS) return checkpoint;
		context.logger.warn(
			'ITNIO TECH Trigger: the clock of this server was ahead in an earlier poll, so calls of the look-back may be given out again',
		);
		return startCheckpoint(watched, nowS - lookbackS, lookbackS);
	}
	context.logger.warn(
		checkpoint
			? 'ITNIO TECH Trigger: account, event or filters have changed, so it starts anew from now'
			: 'ITNIO TECH Trigger: the state of the last poll cannot be read, so it starts anew from now',
	);
	return startCheckpoint(watched, nowS, lookbackS);
}

function readRange(
	api: Api,
	{ paging }: PollingSettings,
	range: TimeRange,
	nowS: number,
	limit?: number,
): AsyncGenerator<WireRecord[]> {
	return scan(api, { range, nowS, limit, ...paging });
}

async function digest(
	context: IPollFunctions,
	api: Api,
	settings: PollingSettings,
	tally: Tally,
	matched: WireRecord[],
	toS: number,
): Promise<IDataObject> {
	const known = new Map(matched.map((record) => [record.voiceId, record]));
	// Of calls that were saved up in earlier polls, only the ids were kept.
	const samples = await Promise.all(
		tally.sampleIds.map(async (voiceId) => known.get(voiceId) ?? (await api.fetchRecord(voiceId))),
	);
	const found = samples.filter((record) => record !== null).map((record) => settings.toOutput(record));
	return createDigest(tally, toS, found, context.getTimezone());
}

function newest(records: WireRecord[]): WireRecord {
	return records.reduce((a, b) => ((secondsOf(b.submitTime) ?? 0) > (secondsOf(a.submitTime) ?? 0) ? b : a));
}
