import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import type { AlarmName } from '../../events';
import { readCheckpoint } from '../checkpoint';
import { addCheckpoint, hasPolled, isOfAnotherKind, newestCheckpoint } from '../newestCheckpoints';
import { budgetOf, MAX_BUDGET_MS, startPoll, type PollResult, type PollRun } from '../pollRun';
import {
	isAlarmState,
	isOfRule,
	nextAlarm,
	readAlarmState,
	startAlarm,
	startOver,
	underRule,
	type AlarmState,
} from './alarmState';
import { clearedText, presentText, raisedText } from './alarmText';
import { observeBalance, observeCalls, type Observation } from './observe';
import { readBalanceRule, readCallsRule, type AlarmRule } from './readRule';

type Work<T> = (run: PollRun<AlarmRule>, observation: Observation) => T;

/**
 * An item when the alarm is raised and one when it is cleared, by the present value alone: what came and went since the
 * last poll is neither.
 * @param trigger tells the triggers of this process apart
 * @param storedState what n8n stores for this node, unchecked
 * @throws NodeApiError, UserError, OperationalError; the stored state must not change then
 */
export async function pollAlarm(
	context: IPollFunctions,
	event: AlarmName,
	{ trigger, storedState }: { trigger: string; storedState: unknown },
): Promise<PollResult<AlarmState>> {
	return await observe(context, event, (run, observation) => {
		const { settings: rule, time } = run;
		const last = lastState(run, trigger, storedState);
		const isFirst = !hasPolled(trigger) || !isOfRule(last, rule);
		const before = underRule(last, rule, time.nowS);
		const state = nextAlarm(before, observation.verdict, { ...rule, nowS: time.nowS });
		const isOutput = state !== before && (state.alarm === 'raised' || rule.notifyWhenCleared);
		const { reading } = observation;
		const text =
			state.alarm === 'raised'
				? raisedText(reading, state.sinceS, isFirst)
				: clearedText(reading, before.sinceS);
		return {
			items: isOutput ? [toItem(state.alarm, text, observation)] : [],
			checkpoint: addCheckpoint(trigger, state),
		};
	});
}

/** The present value, for the editor. */
export async function sampleAlarm(context: IPollFunctions, event: AlarmName): Promise<INodeExecutionData[]> {
	return await observe(context, event, ({ time }, observation) => {
		const state = observation.verdict === 'raised' ? 'raised' : 'cleared';
		return [toItem(state, presentText(observation.reading, time.nowS), observation)];
	});
}

function lastState(
	{ settings: rule, time, log }: PollRun<AlarmRule>,
	trigger: string,
	storedState: unknown,
): AlarmState {
	const stored = readAlarmState(storedState);
	if (storedState !== undefined && !stored && !readCheckpoint(storedState)) {
		log.add('warn', 'the state of the last poll cannot be read, so an alarm that holds is output again');
	}
	// Of before this process polled for another event.
	if (stored && isOfAnotherKind(trigger, isAlarmState)) return startOver(stored, rule, time.nowS);
	return newestCheckpoint(trigger, stored, isAlarmState) ?? startAlarm(rule, time.nowS);
}

/** @param work must do without the service, whose time may turn out to be another one until then */
async function observe<T>(context: IPollFunctions, event: AlarmName, work: Work<T>): Promise<T> {
	const budgetMs = budgetOf(context, MAX_BUDGET_MS);
	if (event === 'balanceLow') {
		const settings = readBalanceRule(context);
		return await startPoll(context, { settings, budgetMs }, async (run) =>
			work(run, await observeBalance(run)),
		);
	}
	const settings = readCallsRule(context);
	return await startPoll(context, { settings, budgetMs }, async (run) => work(run, await observeCalls(run)));
}

function toItem(
	state: AlarmState['alarm'],
	text: string,
	{ details, fields }: Observation,
): INodeExecutionData {
	return { json: { state, text: [text, ...details].join('\n'), ...fields } };
}
