import { createQuery, DEFAULT_LIMIT, type RecordQuery } from '../../../records/query/query';
import type { OperationRun } from '../../operationRun';

/** @throws UserError naming the field and the way out */
export function readQuery(run: OperationRun, { hasLimit = false } = {}): RecordQuery {
	const { context, itemIndex, nodeRun, options } = run;
	const value = (name: string) => context.getNodeParameter(name, itemIndex, null) as unknown;
	return createQuery(
		{
			timeRange: value('timeRange'),
			startTime: value('startTime'),
			endTime: value('endTime'),
			limit: hasLimit ? context.getNodeParameter('limit', itemIndex, DEFAULT_LIMIT) : undefined,
			filters: value('filters'),
			options,
		},
		context.getTimezone(),
		nodeRun.now(),
	);
}
