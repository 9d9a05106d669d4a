import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { createApi, type Api } from '../../../api/endpoints';
import type { WireRecord } from '../../../api/types';
import type { RecordQuery } from '../../../records/query';
import { scan } from '../../../records/scan';
import type { TimeRange } from '../../../records/windows';
import { PollLog } from './pollLog';
import { atServiceTime, type ServiceTime } from './serviceTime';

/** What a poll has, whatever its event. */
export interface PollRun<Settings> {
	context: IPollFunctions;
	api: Api;
	settings: Settings;
	budgetMs: number;
	time: ServiceTime;
	log: PollLog;
}

export interface PollResult<T> {
	items: INodeExecutionData[];
	/** To be stored once the items are output. */
	checkpoint: T;
}

/** n8n 2.41 allows about this much when polling every minute under its durable scheduler, and 5 minutes otherwise. */
export const MAX_BUDGET_MS = 45_000;

/** What n8n allows, at most `maxMs`. */
export function budgetOf(context: Partial<IPollFunctions>, maxMs: number): number {
	return Math.min(context.getPollBudgetMs?.() ?? maxMs, maxMs);
}

/** Runs a poll at the service's time, and writes its log once it has succeeded. */
export async function startPoll<Settings, T>(
	context: IPollFunctions,
	{ settings, budgetMs }: { settings: Settings; budgetMs: number },
	work: (current: PollRun<Settings>) => Promise<T>,
): Promise<T> {
	const api = createApi(context, { deadlineMs: Date.now() + budgetMs });
	return await atServiceTime(api, async (time) => {
		const log = new PollLog(context);
		const result = await work({ context, api, settings, budgetMs, time, log });
		log.clockDifference(api.clockDifferenceMs() ?? 0);
		log.write();
		return result;
	});
}

/** All records of a range, each once. */
export async function* readRange(
	{ api, settings, time, log }: PollRun<{ paging: Pick<RecordQuery, 'pageSize' | 'maxConcurrentRequests'> }>,
	range: TimeRange,
	limit?: number,
): AsyncGenerator<WireRecord[]> {
	const records = scan(api, {
		range,
		nowS: time.nowS,
		limit,
		...settings.paging,
		// A count that is wrong for good must not stop the trigger for good.
		incompleteLists: 'continue',
		onIncomplete: (difference) => log.incompleteList(difference),
	});
	for await (const batch of records) {
		time.check();
		yield batch;
	}
	time.check();
}
