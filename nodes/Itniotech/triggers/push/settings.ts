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
	toOutput(record: WireRecord): IDataObject;
}

/** @throws UserError naming the parameter and what to do */
export function readSettings(context: IHookFunctions | IWebhookFunctions): PushSettings {
	const value = (name: string) => context.getNodeParameter(name, null) as unknown;
	return {
		hasEvent: readEvent(value('event')),
		isWanted: createFilter((value('filters') ?? {}) as FilterValues) ?? (() => true),
		isConfirming: value('confirm') !== false,
		toOutput: createOutput(value('simplify') !== false),
	};
}

/**
 * Who may push. Read apart from the other parameters: whatever else is wrong, a sender that is not allowed is refused.
 * @throws UserError for a list that cannot be read, rather than let everybody in
 */
export function readIpCheck(context: IHookFunctions | IWebhookFunctions): IpCheck {
	const options = context.getNodeParameter('options', {}) as IDataObject;
	return 'allowedIps' in options ? createIpCheck(options.allowedIps) : () => true;
}
