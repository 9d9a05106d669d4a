import type { INodeProperties } from 'n8n-workflow';
import { readCollection } from '../../records/parameters';
import { createQuery, type RecordQuery } from '../../records/query';
import type { OperationRun } from '../operationRun';
import { voiceRecordDescription } from './description';

/** Of all operations: n8n leaves the options of one in place when another is chosen. */
const OPTION_NAMES = voiceRecordDescription
	.filter(({ name }) => name === 'options')
	.flatMap(({ options }) => (options as INodeProperties[]).map(({ name }) => name));
export const DEFAULT_LIMIT = 50;

/** @throws UserError naming the field and the way out */
export function readQuery(run: OperationRun, { hasLimit = false } = {}): RecordQuery {
	const { context, itemIndex, api } = run;
	const value = (name: string) => context.getNodeParameter(name, itemIndex, null) as unknown;
	return createQuery(
		{
			timeRange: value('timeRange'),
			startTime: value('startTime'),
			endTime: value('endTime'),
			limit: hasLimit ? context.getNodeParameter('limit', itemIndex, DEFAULT_LIMIT) : undefined,
			filters: value('filters'),
			options: readOptions(run),
		},
		context.getTimezone(),
		api.now(),
	);
}

/** @throws UserError naming an option that no operation has */
export function readOptions({ context, itemIndex }: OperationRun): Record<string, unknown> {
	return readCollection(context.getNodeParameter('options', itemIndex, null), 'Options', OPTION_NAMES);
}
