import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { createFilter, type FilterValues, type RecordFilter } from '../../records/filters';
import { outputForm } from '../../records/record';
import { readEvent } from '../events';
import { createIpCheck, type IpCheck } from './allowedIps';

/** The checked form of the trigger. */
export interface PushSettings {
	hasEvent: RecordFilter;
	isWanted: RecordFilter;
	/** Whether reports are looked up before they are believed. */
	isConfirming: boolean;
	isAllowed: IpCheck;
	toOutput(record: WireRecord): IDataObject;
}

/**
 * Checks the form of the trigger.
 * @throws UserError naming the field and the way out
 */
export function readSettings(context: IHookFunctions | IWebhookFunctions): PushSettings {
	const value = (name: string) => context.getNodeParameter(name, null) as unknown;
	const options = (value('options') ?? {}) as Record<string, unknown>;
	return {
		hasEvent: readEvent(value('event')),
		isWanted: createFilter((value('filters') ?? {}) as FilterValues) ?? (() => true),
		isConfirming: value('confirm') !== false,
		isAllowed: createIpCheck(options.allowedIps),
		toOutput: outputForm(value('simplify') !== false),
	};
}
