import { createQuery, DEFAULT_LIMIT, type RecordQuery } from '../../../records/query/query';
import type { OperationRun } from '../../operationRun';

/** @throws UserError naming the field and the way out */
export function readQuery(run: OperationRun, { hasLimit = false } = {}): RecordQuery {
	const { context, nodeRun, options } = run;
	return createQuery(
		{
			timeRange: run.parameter('timeRange'),
			startTime: run.parameter('startTime'),
			endTime: run.parameter('endTime'),
			limit: hasLimit ? run.parameter('limit', DEFAULT_LIMIT) : undefined,
			filters: run.parameter('filters'),
			options,
		},
		context.getTimezone(),
		nodeRun.now(),
	);
}
