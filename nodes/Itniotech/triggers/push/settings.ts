import { UserError, type IDataObject, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { createFilter, type RecordFilter } from '../../records/filters';
import { isEmpty, notValid, readBoolean, readCollection } from '../../records/parameters';
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
		isWanted: createFilter(value('filters')) ?? (() => true),
		isConfirming: readBoolean(value('confirm') ?? true, 'Confirm Calls'),
		toOutput: createOutput(readBoolean(value('simplify') ?? true, 'Simplify')),
	};
}

/**
 * Who may push. Read apart from the other parameters: whatever else is wrong, a sender that is not allowed is refused.
 * @throws UserError for a list that cannot be read, rather than let everybody in
 */
export function readIpCheck(context: IHookFunctions | IWebhookFunctions): IpCheck {
	const value = context.getNodeParameter('options', {}) as unknown;
	if (isEmpty(value)) {
		throw new UserError(notValid('Options', 'JSON object', value), {
			description: 'Enter an object, e.g. {}, or check the expression',
		});
	}
	const options = readCollection(value, 'Options', ['allowedIps']);
	return 'allowedIps' in options ? createIpCheck(options.allowedIps) : () => true;
}
