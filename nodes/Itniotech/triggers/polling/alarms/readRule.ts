import { createHash } from 'crypto';
import { UserError, type IPollFunctions } from 'n8n-workflow';
import { credentialIdOf } from '../../../api/request';
import { createFilter, FILTER_NAMES, type RecordFilter } from '../../../records/query/filters';
import {
	isEmpty,
	listOf,
	locatorValue,
	readBoolean,
	readChoice,
	readCollection,
	readNumber,
	readWholeNumber,
} from '../../../records/query/parameters';
import { readPaging, readZone } from '../../../records/query/query';
import { numberOf, outcomeOf } from '../../../records/record';
import { chatText, numberText } from '../../../records/output/text';
import { GROUP_TYPES } from '../../../reports/summary/groupBy';
import { readEndedFilter, type AlarmName } from '../../events';
import { hashSettings, readLookback, readOptions } from '../settings';
import type { AlarmIdentity } from './alarmState';
import type { KindReader } from '../countedCalls/callCounts';
import { METRIC_NAMES, metricOf, type MetricName, type Unit } from './metrics';
import type { Limits } from './verdict';

export interface AlarmRule extends Limits, AlarmIdentity {
	alarmPer: AlarmPer;
	notifyWhenCleared: boolean;
	/** 0 for never. */
	remindEveryS: number;
	windowS: number;
	/** Timezone of what is output. */
	zone: string;
}

export interface CallsRule extends AlarmRule, KindReader {
	metric: MetricName;
	/** Sorted; empty unless the metric is the share of them. */
	codes: string[];
	windowMinutes: number;
	ignoreLastMinutes: number;
	/** 0 unless the metric is a share. */
	minimumCalls: number;
	isWanted: RecordFilter;
	lookbackS: number;
	paging: ReturnType<typeof readPaging>;
	/** Equal where the same calls count in the same way. */
	callsId: string;
}

const ALARM_PER = ['all', 'country', 'area', 'displayNum', 'terminationCode'] as const;
type AlarmPer = (typeof ALARM_PER)[number];

/** An alarm on the balance has no window: after a restart, an older one counts as if it may have ended. */
const BALANCE_WINDOW_S = 60 * 60;
const MAX_WINDOW_MINUTES = 24 * 60;
const WINDOW_LIMITS = { min: 1, max: MAX_WINDOW_MINUTES };
const IGNORE_LIMITS = { min: 0, max: MAX_WINDOW_MINUTES };
const REMIND_LIMITS = { min: 0, max: 31 * 24 };
/** In texts and in the state, where 1,000 groups must fit into 64 KB. */
const MAX_GROUP_LENGTH = 40;
const GROUP_HASH_LENGTH = 7;
const LIMITS: Record<Unit, ThresholdLimits> = {
	share: { displayName: 'Threshold (%)', min: 0, max: 100 },
	calls: { displayName: 'Threshold (Calls)', min: 0 },
	amount: { displayName: 'Threshold (Amount)', min: 0 },
};
interface ThresholdLimits {
	displayName: string;
	min: number;
	max?: number;
}

/** @throws UserError naming the parameter and what to enter */
export function readCallsRule(context: IPollFunctions): CallsRule {
	const value = (name: string) => context.getNodeParameter(name, null) as unknown;
	const metric = readChoice(value('metric'), 'Metric', METRIC_NAMES);
	const { unit } = metricOf(metric);
	const condition = readChoice(value('condition'), 'Condition', ['above', 'below']);
	const alarmPer = readAlarmPer(value('alarmPer') ?? 'all', metric);
	const { codes, hasCode } = readShareCodes(metric, value('terminationCode'));
	const windowMinutes = readWholeNumber(value('windowMinutes'), 'Window (Minutes)', WINDOW_LIMITS);
	const minimumCalls =
		unit === 'share' ? readWholeNumber(value('minimumCalls'), 'Minimum Calls', { min: 1 }) : 0;
	const { ignoreLast = 0, lookback, ...paging } = readOptions(context);
	const ignoreLastMinutes = readWholeNumber(ignoreLast, 'Ignore Last (Minutes)', IGNORE_LIMITS);
	const rule = readRule(context, { condition, ...LIMITS[unit] });
	refuseUncrossable(rule, LIMITS[unit]);
	const isWanted = readEndedFilter(context);
	refuseDecidingFilters(value('filters'), metric);
	const lookbackS = readLookback(lookback);
	const account = credentialIdOf(context);
	const subject = ['thresholdCrossed', account, metric, condition, alarmPer, hashText(codes.join())];
	const counted = [codes, alarmPer, unit, lookbackS, windowMinutes, ignoreLastMinutes, value('filters')];
	return {
		...rule,
		alarmPer,
		subject: subject.join(' '),
		numbers: [rule.numbers, windowMinutes, minimumCalls, ignoreLastMinutes].join(' '),
		metric,
		codes,
		windowMinutes,
		windowS: windowMinutes * 60,
		ignoreLastMinutes,
		minimumCalls,
		isWanted,
		groupOf: groupReader(alarmPer, rule.zone),
		hasCode,
		needsCost: unit === 'amount',
		lookbackS,
		paging: readPaging(paging),
		callsId: JSON.stringify([account, ...counted]),
	};
}

/** @throws UserError naming the parameter and what to enter */
export function readBalanceRule(context: IPollFunctions): AlarmRule {
	// A balance may be below zero.
	const limits = { ...LIMITS.amount, min: -Number.MAX_SAFE_INTEGER };
	const rule = readRule(context, { condition: 'below', ...limits });
	const subject = `balanceLow ${credentialIdOf(context)}`;
	return { ...rule, alarmPer: 'all', windowS: BALANCE_WINDOW_S, subject, filtersHash: '' };
}

function readRule(
	context: IPollFunctions,
	{ condition, ...limits }: { condition: Limits['condition'] } & ThresholdLimits,
): Omit<AlarmRule, 'subject' | 'alarmPer' | 'windowS'> {
	const options = readOptions(context);
	const { clearAt: clearAtOption, remindEvery = 0, notifyWhenCleared = true } = options;
	const threshold = readNumber(context.getNodeParameter('threshold', null), limits.displayName, limits);
	const clearAt = isEmpty(clearAtOption) ? threshold : readNumber(clearAtOption, 'Clear At', limits);
	const isBeyond = condition === 'above' ? clearAt > threshold : clearAt < threshold;
	if (isBeyond) {
		throw new UserError(`"Clear At" must not be ${condition} "${limits.displayName}"`, {
			description: `The alarm is raised ${condition} ${numberText(threshold)}, so it cannot be cleared at ${numberText(clearAt)}`,
		});
	}
	return {
		condition,
		threshold,
		clearAt,
		numbers: [threshold, clearAt].join(' '),
		notifyWhenCleared: readBoolean(notifyWhenCleared, 'Notify When Cleared'),
		remindEveryS: readNumber(remindEvery, 'Remind Every (Hours)', REMIND_LIMITS) * 3600,
		zone: readZone(options.timezone, context.getTimezone()),
		filtersHash: hashSettings({
			event: 'thresholdCrossed' satisfies AlarmName,
			filters: context.getNode().parameters.filters,
		}),
	};
}

/** An alarm that no value can raise would be silent for good. */
function refuseUncrossable({ condition, threshold }: Limits, limits: ThresholdLimits): void {
	const { displayName, min, max = Number.MAX_SAFE_INTEGER } = limits;
	if (threshold !== (condition === 'above' ? max : min)) return;
	throw new UserError(
		`"${displayName}" can never be crossed: no value is ${condition} ${numberText(threshold)}`,
		{
			description: `Choose another threshold or another "Condition"`,
		},
	);
}

/** @throws UserError for a filter that puts the metric at one value for good */
function refuseDecidingFilters(filters: unknown, metric: MetricName): void {
	const { outcome, terminationCode, keyPressed, minDuration } = readCollection(
		filters,
		'Filters',
		FILTER_NAMES,
	);
	const { unit, displayName } = metricOf(metric);
	const hasOutcome = !isEmpty(outcome) && outcome !== 'all';
	const codes = listOf(terminationCode);
	const isShare = unit === 'share';
	const isOfFailures = metric === 'failures';
	const decides = (hasFilter: boolean, canFail: boolean) =>
		hasFilter && (isShare || (isOfFailures && !canFail));
	const refused = [
		decides(hasOutcome, outcome === 'failed') && 'Outcome',
		decides(codes.length > 0, codes.some(isFailure)) && 'Termination Code',
		decides(!isEmpty(keyPressed), listOf(keyPressed).includes('-1')) && 'Key Pressed',
		decides(!isEmpty(minDuration) && numberOf(minDuration) !== 0, false) && 'Minimum Duration (Seconds)',
	].find((name) => name !== false);
	if (refused === undefined) return;
	throw new UserError(`"Filters" → "${refused}" cannot be used with the metric "${displayName}"`, {
		description: `The filter decides how the calls ended, so the ${isShare ? 'percentage' : 'number'} says nothing. Remove it, or choose another "Metric".`,
	});
}

function isFailure(terminationCode: string): boolean {
	return outcomeOf({ voiceId: '', terminationCode }) === 'failed';
}

/** @throws UserError for a group whose calls all have the same outcome beside a share */
function readAlarmPer(value: unknown, metric: MetricName): AlarmPer {
	const alarmPer = readChoice(value, 'One Alarm For', ALARM_PER);
	const { unit, displayName } = metricOf(metric);
	if (alarmPer !== 'terminationCode' || unit !== 'share') return alarmPer;
	throw new UserError(`"One Alarm For" cannot be "Each Termination Code" with the metric "${displayName}"`, {
		description: 'All calls with one code ended alike. Choose the metric "Failures", "Calls" or "Cost".',
	});
}

function hashText(text: string): string {
	return createHash('md5').update(text).digest('hex');
}

function groupReader(alarmPer: AlarmPer, zone: string): CallsRule['groupOf'] {
	if (alarmPer === 'all') return () => '';
	const { keyOf } = GROUP_TYPES[alarmPer].createReader(zone);
	return (record) => {
		const name = chatText(keyOf(record).key ?? '') || 'unknown';
		if (name.length <= MAX_GROUP_LENGTH) return name;
		// Two long names may begin alike.
		return `${[...name].slice(0, MAX_GROUP_LENGTH - GROUP_HASH_LENGTH).join('')}…${hashText(name).slice(1 - GROUP_HASH_LENGTH)}`;
	};
}

/** @throws UserError for no code and for one that is not a number */
function readShareCodes(metric: MetricName, value: unknown): Pick<CallsRule, 'codes' | 'hasCode'> {
	if (metric !== 'codeShare') return { codes: [], hasCode: () => false };
	const terminationCode = locatorValue(value);
	const hasCode = createFilter({ terminationCode });
	if (!hasCode) {
		throw new UserError('"Termination Code" is empty', {
			description: 'Enter the code whose share counts, e.g. 486, or several separated by commas',
		});
	}
	return { codes: [...new Set(listOf(terminationCode))].sort(), hasCode };
}
