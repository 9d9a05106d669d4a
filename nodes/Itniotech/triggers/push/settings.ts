import { UserError, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';
import type { RecordFilter } from '../../records/query/filters';
import { isEmpty, notValid, readBoolean, readCollection } from '../../records/query/parameters';
import { createOutput, readFields, type ToOutput } from '../../records/output/fields';
import { readZone } from '../../records/query/query';
import { readEndedFilter, readEvent, refuseOtherCodes } from '../events';
import { createIpCheck, type IpCheck } from './allowedIps';

export interface PushSettings {
	hasEvent: RecordFilter;
	isWanted: RecordFilter;
	isConfirming: boolean;
	toOutput: ToOutput;
}

/** @throws UserError naming the parameter and what to do */
export function readPushSettings(context: IHookFunctions | IWebhookFunctions): PushSettings {
	const value = (name: string) => context.getNodeParameter(name, null) as unknown;
	const options = readPushOptions(context);
	const zone = readZone(options.timezone, context.getTimezone());
	const isWanted = readEndedFilter(context);
	refuseOtherCodes(value('event'), value('filters'));
	return {
		hasEvent: readEvent(value('event')).matches,
		isWanted,
		isConfirming: readBoolean(value('confirm') ?? true, 'Confirm Calls'),
		toOutput: createOutput(
			readBoolean(value('simplify') ?? true, 'Simplify'),
			readFields(options.fields),
			zone,
		),
	};
}

/**
 * Who may push. Read apart from the other parameters: whatever else is wrong, a sender that is not allowed is refused.
 * @throws UserError for a list that cannot be read, rather than let everybody in
 */
export function readIpCheck(context: IHookFunctions | IWebhookFunctions): IpCheck {
	const options = readPushOptions(context);
	return 'allowedIps' in options ? createIpCheck(options.allowedIps) : () => true;
}

/** @throws UserError for what is not an object with these options */
function readPushOptions(context: IHookFunctions | IWebhookFunctions) {
	const value = context.getNodeParameter('options', {}) as unknown;
	if (isEmpty(value)) {
		throw new UserError(notValid('Options', 'JSON object', value), {
			description: 'Enter an object, e.g. {}, or check the expression',
		});
	}
	return readCollection(value, 'Options', ['allowedIps', 'fields', 'timezone']);
}
