import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { createFilter, type FilterValues, type RecordFilter } from '../../records/filters';
import { createOutput } from '../../records/record';
import { readEvent } from '../events';
import { createIpCheck, type IpCheck } from './allowedIps';

export interface PushSettings {
	hasEvent: RecordFilter;
	isWanted: RecordFilter;
	isConfirming: boolean;
	isAllowed: IpCheck;
	toOutput(record: WireRecord): IDataObject;
}

/** @throws UserError naming the parameter and what to do */
export function readSettings(context: IHookFunctions | IWebhookFunctions): PushSettings {
	const value = (name: string) => context.getNodeParameter(name, null) as unknown;
	const options = (value('options') ?? {}) as Record<string, unknown>;
	return {
		hasEvent: readEvent(value('event')),
		isWanted: createFilter((value('filters') ?? {}) as FilterValues) ?? (() => true),
		isConfirming: value('confirm') !== false,
		isAllowed: createIpCheck(options.allowedIps),
		toOutput: createOutput(value('simplify') !== false),
	};
}
