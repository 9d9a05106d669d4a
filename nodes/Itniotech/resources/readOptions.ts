import type { INodeProperties } from 'n8n-workflow';
import { readCollection } from '../records/query/parameters';
import type { OperationRun } from './operationRun';
import { voiceMessageDescription } from './voiceMessage/description';
import { voiceRecordDescription } from './voiceRecord/description';

/** Of all operations: n8n leaves the options of one in place when another is chosen. */
const OPTION_NAMES = [...voiceMessageDescription, ...voiceRecordDescription]
	.filter(({ name }) => name === 'options')
	.flatMap(({ options }) => (options as INodeProperties[]).map(({ name }) => name));

/** @throws UserError naming an option that no operation has */
export function readOptions({ context, itemIndex }: OperationRun): Record<string, unknown> {
	return readCollection(context.getNodeParameter('options', itemIndex, null), 'Options', OPTION_NAMES);
}
