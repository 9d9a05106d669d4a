import { UserError, type IPollFunctions } from 'n8n-workflow';
import { createFilter, type RecordFilter } from '../../../records/query/filters';
import {
	isEmpty,
	listOf,
	locatorValue,
	notValid,
	readBoolean,
	readChoice,
	readWholeNumber,
} from '../../../records/query/parameters';
import { readPaging, readZone } from '../../../records/query/query';
import { numberOf } from '../../../records/record';
import type { AlarmName } from '../../events';
import { hashSettings, readLookback, readOptions } from '../settings';
import type { AlarmIdentity, Limits } from './alarmState';
import { METRIC_NAMES, METRICS, type MetricName } from './metrics';

export interface AlarmRule extends Limits, AlarmIdentity {
	notifyWhenCleared: boolean;
	/** Timezone of what is output. */
	zone: string;
}

export interface CallsRule extends AlarmRule {
	metric: MetricName;
	/** Sorted; empty unless the metric is the share of them. */
	codes: string[];
	windowMinutes: number;
	minimumCalls: number;
	isWanted: RecordFilter;
	hasCode: RecordFilter;
	lookbackS: number;
	paging: ReturnType<typeof readPaging>;
}

const MAX_WINDOW_MINUTES = 24 * 60;
const PERCENT = { min: 0, max: 100 };
const AMOUNT = { min: 0, max: Number.MAX_SAFE_INTEGER };
/** A balance may be below zero. */
const BALANCE = { min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };

/** @throws UserError naming the parameter and what to enter */
export function readCallsRule(context: IPollFunctions): CallsRule {
	const value = (name: string) => context.getNodeParameter(name, null) as unknown;
	const metric = readChoice(value('metric'), 'Metric', METRIC_NAMES);
	const condition = readChoice(value('condition'), 'Condition', ['above', 'below']);
	const { codes, hasCode } = readCodes(metric, value('terminationCode'));
	const windowLimits = { min: 1, max: MAX_WINDOW_MINUTES };
	const windowMinutes = readWholeNumber(value('windowMinutes'), 'Window (Minutes)', windowLimits);
	// A number of calls that must not be too low cannot be the condition for looking at it.
	const minimumCalls =
		metric === 'calls' ? 0 : readWholeNumber(value('minimumCalls'), 'Minimum Calls', { min: 1 });
	const rule = readRule(context, { condition, range: METRICS[metric].isRate ? PERCENT : AMOUNT });
	return {
		...rule,
		subject: ['thresholdCrossed', metric, condition, ...codes].join(' '),
		numbers: [rule.numbers, windowMinutes, minimumCalls].join(' '),
		metric,
		codes,
		windowMinutes,
		minimumCalls,
		isWanted: createFilter(value('filters'), { onlyEnded: true }) ?? (() => true),
		hasCode,
		lookbackS: readLookback(readOptions(context).lookback),
		paging: readPaging(readOptions(context)),
	};
}

/** @throws UserError naming the parameter and what to enter */
export function readBalanceRule(context: IPollFunctions): AlarmRule {
	const rule = readRule(context, { condition: 'below', range: BALANCE });
	return { ...rule, subject: 'balanceLow', filtersHash: '' };
}

function readRule(
	context: IPollFunctions,
	{ condition, range }: { condition: Limits['condition']; range: typeof PERCENT },
): Omit<AlarmRule, 'subject'> {
	const options = readOptions(context);
	const threshold = readNumber(context.getNodeParameter('threshold', null), 'Threshold', range);
	const clearAt = isEmpty(options.clearAt) ? threshold : readNumber(options.clearAt, 'Clear At', range);
	const rule = {
		condition,
		threshold,
		clearAt,
		numbers: [threshold, clearAt].join(' '),
		notifyWhenCleared: readBoolean(options.notifyWhenCleared ?? true, 'Notify When Cleared'),
		zone: readZone(options.timezone, context.getTimezone()),
		filtersHash: hashSettings({
			event: 'thresholdCrossed' satisfies AlarmName,
			filters: context.getNode().parameters.filters,
		}),
	};
	const isBeyond = condition === 'above' ? clearAt > threshold : clearAt < threshold;
	if (!isBeyond) return rule;
	const side = condition === 'above' ? 'above' : 'below';
	throw new UserError(`"Clear At" must not be ${side} "Threshold"`, {
		description: `The alarm is raised ${side} ${threshold}, so it cannot be over at ${clearAt}`,
	});
}

/** @throws UserError for no code and for one that is not a number */
function readCodes(metric: MetricName, value: unknown): Pick<CallsRule, 'codes' | 'hasCode'> {
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

function readNumber(value: unknown, displayName: string, { min, max }: typeof PERCENT): number {
	const number = numberOf(value);
	if (number === null) {
		throw new UserError(notValid(displayName, 'number', value), { description: 'Enter a number, e.g. 20' });
	}
	if (number >= min && number <= max) return number;
	const limits = max === PERCENT.max ? `from ${min} to ${max}` : `of ${min} or more`;
	throw new UserError(`"${displayName}" must be a number ${limits}`, {
		description: `The current value is ${number}`,
	});
}
