import { createHash } from 'crypto';
import type { INodeParameters, IPollFunctions } from 'n8n-workflow';
import { isRecord } from '../../api/values';
import { DAY_S, HOUR_S } from '../../records/calendar';
import type { FilterValues, RecordFilter } from '../../records/query/filters';
import {
	listOf,
	locatorValue,
	readBoolean,
	readChoice,
	readCollection,
	readWholeNumber,
} from '../../records/query/parameters';
import { spellPhoneNumbers } from '../../records/query/phoneNumbers';
import { createOutput, readFields, type ToOutput } from '../../records/output/fields';
import { readPaging, readZone } from '../../records/query/query';
import { textOf } from '../../records/record';
import { readEndedFilter, readEvent, refuseOtherCodes } from '../events';

export interface PollingSettings {
	hasEvent: RecordFilter;
	countName: ReturnType<typeof readEvent>['countName'];
	isWanted: RecordFilter;
	isDigest: boolean;
	minimumMatches: number;
	toOutput: ToOutput;
	/** Timezone of what is output. */
	zone: string;
	lookbackS: number;
	startFromS: number;
	paging: ReturnType<typeof readPaging>;
	/** Equal for an event and filters that mean the same. */
	settingsHash: string;
}

/** The options of all events: a node may have those of the event that it had before. */
const POLLING_OPTION_NAMES = [
	'clearAt',
	'fields',
	'ignoreLast',
	'lookback',
	'maxConcurrentRequests',
	'notifyWhenCleared',
	'pageSize',
	'remindEvery',
	'startFrom',
	'timezone',
] as const;
const MAX_LOOKBACK_MINUTES = 7 * 24 * 60;
const MAX_START_FROM_HOURS = 59 * 24;
/** A clock that is off by less counts as right. */
const CLOCK_TOLERANCE_S = 60;

/** @throws UserError naming the parameter and what to enter */
export function readPollingSettings(context: IPollFunctions): PollingSettings {
	const value = (name: string) => context.getNodeParameter(name, null) as unknown;
	const event = value('event');
	const { matches, countName } = readEvent(event);
	const isDigest = readChoice(value('output'), 'Output', ['eachRecord', 'digest']) === 'digest';
	const options = readOptions(context);
	const { lookback, startFrom = 0 } = options;
	const isWanted = readEndedFilter(context);
	refuseOtherCodes(event, value('filters'));
	const zone = readZone(options.timezone, context.getTimezone());
	return {
		hasEvent: matches,
		countName,
		isWanted,
		isDigest,
		minimumMatches:
			isDigest && event === 'callFailed'
				? readWholeNumber(value('minimumFailures'), 'Minimum Failures', { min: 1 })
				: 1,
		toOutput: createOutput(
			readBoolean(value('simplify') ?? true, 'Simplify'),
			readFields(options.fields),
			zone,
		),
		zone,
		lookbackS: readLookback(lookback),
		startFromS:
			readWholeNumber(startFrom, 'Start From (Hours Back)', { min: 0, max: MAX_START_FROM_HOURS }) * 3600,
		paging: readPaging(options),
		settingsHash: hashSettings(context.getNode().parameters),
	};
}

export function readOptions(
	context: IPollFunctions,
): Partial<Record<(typeof POLLING_OPTION_NAMES)[number], unknown>> {
	return readCollection(context.getNodeParameter('options', null), 'Options', POLLING_OPTION_NAMES);
}

/** How late after its start a call may be listed and still be noticed, in seconds. */
export function readLookback(value: unknown = 60): number {
	const limits = { min: 1, max: MAX_LOOKBACK_MINUTES };
	return readWholeNumber(value, 'Look-Back (Minutes)', limits) * 60 + CLOCK_TOLERANCE_S;
}

const MINUTE_S = 60;
const POLL_INTERVALS_S: Record<string, number> = {
	everyMinute: MINUTE_S,
	everyHour: HOUR_S,
	everyDay: DAY_S,
	everyWeek: 7 * DAY_S,
	everyMonth: 28 * DAY_S,
};

/** The seconds between two polls, as n8n's own parameter "Poll Times" has them; 0 where it has several times, or its own rule. */
export function readPollInterval(context: IPollFunctions): number {
	const pollTimes: unknown = context.getNode().parameters.pollTimes;
	const items: unknown = isRecord(pollTimes) ? pollTimes.item : undefined;
	if (!Array.isArray(items) || items.length !== 1) return 0;
	const [item] = items as unknown[];
	if (!isRecord(item)) return 0;
	const { mode, value, unit } = item;
	if (mode === 'everyX') return Number(value) * (unit === 'hours' ? HOUR_S : MINUTE_S) || 0;
	return POLL_INTERVALS_S[String(mode)] ?? 0;
}

/** How a filter is written so that equal filters are equal texts; as it is, where blanks and case do not matter. */
const SPELLINGS: Partial<Record<keyof FilterValues, (text: string) => string>> = {
	outcome: (text) => (text === 'all' ? '' : text),
	calledNumber: spellPhoneNumbers,
	displayNum: spellPhoneNumbers,
	terminationCode: (text) => [...new Set(listOf(text))].sort().join(),
	minDuration: (text) => String(Number(text) || ''),
};

/** Equal for parameters that mean the same. An expression counts as its text, as its value may change with each poll. */
export function hashSettings({ event = 'callFailed', filters }: INodeParameters): string {
	const entries = typeof filters === 'object' ? Object.entries(filters ?? {}) : [['', filters]];
	const filterTexts = entries
		.map(([name, value]) => [name, spell(String(name), value)])
		.filter(([, text]) => text !== '')
		.sort();
	return createHash('sha256')
		.update(JSON.stringify([event, filterTexts]))
		.digest('hex')
		.slice(0, 32);
}

function spell(name: string, parameter: unknown): string {
	const value = locatorValue(parameter);
	const text = (Array.isArray(value) ? listOf(value).join() : textOf(value)) ?? '';
	if (text.startsWith('=')) return text;
	const respell = SPELLINGS[name as keyof FilterValues];
	return respell ? respell(text) : text.toLowerCase();
}
