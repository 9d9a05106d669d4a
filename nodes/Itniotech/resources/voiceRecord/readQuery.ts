import { createQuery, type QueryValues, type RecordQuery } from '../../records/query';
import type { OperationRun } from '../operationRun';

/**
 * The query that the parameters of an operation on a time range ask for.
 * @throws UserError naming the field and the way out
 */
export function readQuery({ context, itemIndex }: OperationRun, { hasLimit = false } = {}): RecordQuery {
	const value = (name: string) => context.getNodeParameter(name, itemIndex, null) as unknown;
	return createQuery(
		{
			timeRange: value('timeRange'),
			startTime: value('startTime'),
			endTime: value('endTime'),
			limit: hasLimit ? value('limit') : undefined,
			filters: value('filters') as QueryValues['filters'],
			options: value('options') as QueryValues['options'],
		},
		context.getTimezone(),
		Date.now(),
	);
}
