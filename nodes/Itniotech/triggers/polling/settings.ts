import { createHash } from 'crypto';
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { createFilter, type FilterValues, type RecordFilter } from '../../records/filters';
import { readChoice, readWholeNumber } from '../../records/parameters';
import { readPaging } from '../../records/query';
import { createOutput } from '../../records/record';
import { readEvent } from '../events';

/** The checked parameters of the polling trigger. */
export interface PollingSettings {
	hasEvent: RecordFilter;
	isWanted: RecordFilter;
	isDigest: boolean;
	minimumMatches: number;
	toOutput(record: WireRecord): IDataObject;
	lookbackS: number;
	startFromS: number;
	paging: ReturnType<typeof readPaging>;
	/** Of account, event and filters. When it changes, the trigger starts over. */
	settingsHash: string;
}

const MAX_LOOKBACK_MINUTES = 7 * 24 * 60;
const MAX_START_FROM_HOURS = 59 * 24;

/** @throws UserError naming the parameter and what to enter */
export async function readSettings(context: IPollFunctions): Promise<PollingSettings> {
	const value = (name: string) => context.getNodeParameter(name, null) as unknown;
	const event = value('event');
	const hasEvent = readEvent(event);
	const isDigest = readChoice(value('output'), 'Output', ['eachRecord', 'digest']) === 'digest';
	const filters = (value('filters') ?? {}) as FilterValues;
	const options = (value('options') ?? {}) as Record<string, unknown>;
	const { lookback = 60, startFrom = 0 } = options;
	const { apiKey, baseUrl } = await context.getCredentials('itniotechApi');
	return {
		hasEvent,
		isWanted: createFilter(filters) ?? (() => true),
		isDigest,
		minimumMatches:
			isDigest && event === 'callFailed'
				? readWholeNumber(value('minimumFailures'), 'Minimum Failures', { min: 1 })
				: 1,
		toOutput: createOutput(value('simplify') !== false),
		lookbackS: readWholeNumber(lookback, 'Look-Back (Minutes)', { min: 1, max: MAX_LOOKBACK_MINUTES }) * 60,
		startFromS:
			readWholeNumber(startFrom, 'Start From (Hours Back)', { min: 0, max: MAX_START_FROM_HOURS }) * 3600,
		paging: readPaging(options),
		settingsHash: hashOf([apiKey, baseUrl, event, Object.entries(filters).sort()]),
	};
}

function hashOf(settings: unknown[]): string {
	return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 32);
}
