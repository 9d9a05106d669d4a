import { OperationalError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';
import { numberText } from '../../../records/output/text';
import type { AlarmName } from '../../events';
import {
	addCheckpoint,
	isFromElsewhere,
	isOfAnotherKind,
	isReadable,
	newestCheckpoint,
} from '../newestCheckpoints';
import { startPoll, type PollLog, type PollResult, type PollRun, type PollStart } from '../pollRun';
import {
	alarmsWithRoom,
	isAlarmState,
	isOfRule,
	packAlarms,
	readAlarmState,
	startAlarms,
	startOver,
	underRule,
	unpackAlarms,
	withoutFutureAlarms,
	withoutOldAlarms,
	type AlarmState,
	type Alarms,
} from './alarmState';
import {
	alarmText,
	groupsText,
	presentGroupsText,
	presentText,
	type Subject,
	type ValueLine,
} from './alarmText';
import { CallStore, storeOf } from '../countedCalls/callStore';
import type { GroupReading, Observation } from './observation';
import { observeBalance } from './observeBalance';
import { observeCalls, windowAt } from './observeCalls';
import { findLapses, NO_LAPSES, type Lapses, type StaleAlarms } from '../countedCalls/lapses';
import { readBalanceRule, readCallsRule, type AlarmRule } from './readRule';
import { LAPSED, nextAlarm, type News } from './transition';
import { isCrossed } from './verdict';

type Work<T> = (
	run: PollRun<AlarmRule>,
	observation: Observation | undefined,
	findLapsesOf: (stale: StaleAlarms) => Promise<Lapses>,
) => T | Promise<T>;

/** An alarm that a poll has news of. */
interface GroupChange {
	news: News;
	reading: GroupReading;
	raisedS: number;
}

/** Where the poll before is longer ago, the threshold may have been crossed some time before it was noticed. */
const SHORTLY_S = 5 * 60;

/**
 * An item when alarms are raised and one when alarms are cleared, by the present values alone: what came and went since the
 * last poll is neither.
 * @throws NodeApiError, UserError, OperationalError; the stored state must not change then
 */
export async function pollAlarm(
	context: IPollFunctions,
	event: AlarmName,
	start: PollStart,
): Promise<PollResult<AlarmState>> {
	const { trigger, storedState } = start;
	return await withObservation(context, { event, start }, async (run, observation, findLapsesOf) => {
		const { settings: rule, time } = run;
		const last = lastState(run, trigger, storedState);
		const before = underRule(last, rule);
		if (!observation) return { items: [], checkpoint: addCheckpoint(trigger, before) };
		const knownS = staleAlarms(rule, before, { observation, nowS: time.nowS });
		const lapses = await findLapsesOf({
			knownS,
			number: last.number,
			isFromElsewhere: isFromElsewhere(trigger, last),
		});
		const { alarms, changes } = alarmChanges(run, before, { observation, lapses });
		const isRecent = time.nowS - last.polledS <= SHORTLY_S && lapses.lapsed.size === 0;
		const wasNotWatched = !isRecent || !isOfRule(last, rule);
		const kinds: News[] = rule.notifyWhenCleared ? ['raised', 'reminder', 'cleared'] : ['raised', 'reminder'];
		const items = kinds
			.map((news) => changes.filter((change) => change.news === news))
			.filter((ofKind) => ofKind.length > 0)
			.map((ofKind) => alarmItem(rule, observation, { changes: ofKind, wasNotWatched }));
		const state = { ...before, polledS: time.nowS, alarms: packAlarms(alarms, time.nowS) };
		return { items, checkpoint: addCheckpoint(trigger, state) };
	});
}

/**
 * The present value, for the editor.
 * @throws what `pollAlarm` throws, and OperationalError where not all calls of the window are known
 */
export async function sampleAlarm(context: IPollFunctions, event: AlarmName): Promise<INodeExecutionData[]> {
	return await withObservation(context, { event }, ({ settings: rule, time, log }, observation) => {
		if (!observation) throw notAllKnown(log);
		const { details, fieldsOf } = observation;
		const readings = observation.readingsWith([]);
		const isRaised = ({ verdict }: GroupReading) => verdict === 'raised';
		const state = readings.some(isRaised) ? 'raised' : 'cleared';
		const subject = subjectOf(rule, observation, readings);
		const lines = readings.map((reading) => lineOf(reading, time.nowS));
		const present = { isCrossed: isCrossed(rule, readings[0]?.value), nowS: time.nowS };
		const text =
			rule.alarmPer === 'all'
				? [presentText(subject, lines[0], present), ...details].join('\n')
				: presentGroupsText(subject, lines, time.nowS);
		return [{ json: { state, text, ...fieldsOf(readings) } }];
	});
}

function notAllKnown(log: PollLog): OperationalError {
	log.write();
	return new OperationalError('Not all calls of the window could be read, so the value is not known', {
		description: 'Try again, or shorten "Window (Minutes)". The log of n8n says more.',
	});
}

function lastState(
	{ settings: rule, time, log }: PollRun<AlarmRule>,
	trigger: string,
	storedState: unknown,
): AlarmState {
	const stored = readAlarmState(storedState);
	if (storedState !== undefined && !isReadable(storedState)) {
		log.add('warn', 'the state of the last poll cannot be read, so an active alarm is output again');
	}
	// It was stored before this process polled for another event.
	if (stored && isOfAnotherKind(trigger, isAlarmState)) return startOver(stored, rule);
	const newest = newestCheckpoint(trigger, stored, isAlarmState) ?? startAlarms(rule);
	const state = withoutFutureAlarms(newest, time.nowS);
	const mayHaveEnded = isFromElsewhere(trigger, state) && !rule.notifyWhenCleared;
	return mayHaveEnded ? withoutOldAlarms(state, time.nowS - rule.windowS) : state;
}

/** The active alarms that may have lapsed without a poll noticing or without being stored: when they were last known. */
function staleAlarms(
	{ windowS }: AlarmRule,
	state: AlarmState,
	{ observation, nowS }: { observation: Observation; nowS: number },
): Map<string, number> {
	const stale = [...unpackAlarms(state)].filter(
		([, { about, knownS }]) => about === undefined && knownS <= nowS - windowS,
	);
	const knownS = new Map(stale.map(([group, alarm]) => [group, alarm.knownS]));
	if (stale.length === 0) return knownS;
	for (const { group, verdict } of observation.readingsWith(knownS.keys()))
		if (verdict === 'cleared') knownS.delete(group);
	return knownS;
}

function alarmChanges(
	{ settings: rule, time, log }: PollRun<AlarmRule>,
	state: AlarmState,
	{ observation, lapses }: { observation: Observation; lapses: Lapses },
): { alarms: Alarms; changes: GroupChange[] } {
	const alarms = alarmsSince(state, lapses);
	const moment = { ...rule, nowS: time.nowS, polledS: state.polledS };
	const changes: GroupChange[] = [];
	for (const reading of observation.readingsWith(alarms.keys())) {
		if (lapses.pending.has(reading.group)) continue;
		const before = alarms.get(reading.group);
		const { alarm, news } = nextAlarm(before, reading, moment);
		if (alarm) alarms.set(reading.group, alarm);
		else alarms.delete(reading.group);
		if (news) changes.push({ news, reading, raisedS: (alarm ?? before)!.raisedS });
	}
	const stored = alarmsWithRoom(alarms, time.nowS);
	const hasRoom = ({ news, reading }: GroupChange) => news !== 'raised' || stored.has(reading.group);
	const left = changes.filter((change) => !hasRoom(change)).length;
	if (left > 0)
		log.add(
			'warn',
			`${numberText(stored.size)} alarms are active, so others were not raised: ${numberText(left)}`,
		);
	return { alarms: stored, changes: changes.filter(hasRoom) };
}

/** The stored alarms, with what the calls since then tell. */
function alarmsSince(state: AlarmState, { lapsed, knownS }: Lapses): Alarms {
	const alarms = unpackAlarms(state);
	for (const [group, alarm] of alarms) {
		if (lapsed.has(group)) alarms.set(group, { ...alarm, about: LAPSED });
		else alarms.set(group, { ...alarm, knownS: knownS.get(group) ?? alarm.knownS });
	}
	return alarms;
}

/** @param work must not ask the service after it has made a checkpoint, as its time may turn out to be another one */
async function withObservation<T>(
	context: IPollFunctions,
	{ event, start }: { event: AlarmName; start?: Pick<PollStart, 'trigger' | 'isFirst'> },
	work: Work<T>,
): Promise<T> {
	const isFirst = start?.isFirst ?? false;
	if (event === 'balanceLow') {
		const settings = readBalanceRule(context);
		return await startPoll(
			context,
			{ settings, isFirst },
			async (run) => await work(run, await observeBalance(run, start?.trigger), async () => NO_LAPSES),
		);
	}
	const settings = readCallsRule(context);
	return await startPoll(context, { settings, isFirst }, async (run) => {
		const { nowS } = run.time;
		const fromS = windowAt(settings, nowS).fromS - settings.lookbackS;
		const store = start ? storeOf(start.trigger, settings.callsId, { fromS, nowS }) : new CallStore(fromS);
		const startedMs = Date.now();
		const observation = await observeCalls(run, store);
		return await work(run, observation, async (stale) => {
			const budgetMs = run.budgetMs - (Date.now() - startedMs);
			return await findLapses({ ...run, budgetMs }, store, stale);
		});
	});
}

function alarmItem(
	rule: AlarmRule,
	observation: Observation,
	{ changes, wasNotWatched }: { changes: GroupChange[]; wasNotWatched: boolean },
): INodeExecutionData {
	const { news } = changes[0];
	const readings = changes.map(({ reading }) => reading);
	const subject = subjectOf(rule, observation, readings);
	const lines = changes.map(({ reading, raisedS }) => lineOf(reading, raisedS));
	const maybeEarlier = wasNotWatched || readings.some(({ group }) => observation.mayBeEarlier(group));
	const text =
		rule.alarmPer === 'all'
			? [alarmText(subject, { news, line: lines[0], maybeEarlier }), ...observation.details].join('\n')
			: groupsText(subject, { ...rule, news, lines, maybeEarlier });
	return { json: { state: news, text, ...observation.fieldsOf(readings) } };
}

function subjectOf(rule: AlarmRule, { noun, unitTextOf }: Observation, readings: GroupReading[]): Subject {
	return { ...rule, noun, unitText: unitTextOf(readings) };
}

function lineOf({ group, text, details }: GroupReading, raisedS: number): ValueLine {
	return { group, text, details, raisedS };
}
