import { Duration } from 'luxon';
import { OperationalError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';
import { createApi, type Api } from '../../api/endpoints';
import { watchClock } from '../../api/timing';
import type { WireRecord } from '../../api/types';
import { isoTime } from '../../records/output/localTime';
import { numberText } from '../../records/output/text';
import type { RecordQuery } from '../../records/query/query';
import { describeDifference, type ListDifference } from '../../records/scan/incompleteList';
import { scan } from '../../records/scan/scan';
import type { TimeRange } from '../../records/calendar';

/** The present of one try, by the clock of the service. */
export interface ServiceTime {
	/** Unix time in seconds. */
	nowS: number;
	/** @throws OperationalError when an answer of the service has shown since that `nowS` is wrong */
	check(): void;
}

/** What a poll has, whatever its event. */
export interface PollRun<Settings> {
	context: IPollFunctions;
	api: Api;
	settings: Settings;
	budgetMs: number;
	time: ServiceTime;
	log: PollLog;
}

/** Where a poll begins. */
export interface PollStart {
	/** Tells the triggers of this process apart. */
	trigger: string;
	/** What n8n stores for this node, unchecked. */
	storedState: unknown;
	/** n8n waits for it before the trigger counts as started, and not for long. */
	isFirst: boolean;
}

export interface PollResult<T> {
	items: INodeExecutionData[];
	/** To be stored once the items are output. */
	checkpoint: T;
}

/** n8n 2.41 allows about this much when polling every minute under its durable scheduler, and 5 minutes otherwise. */
const MAX_BUDGET_MS = 45_000;
/** n8n 2.41 gives up publishing a workflow whose first poll takes 84 s, and a request may take 30 s. */
const FIRST_BUDGET_MS = 20_000;
const LAST_SEND_OF_FIRST_MS = 40_000;
const MAX_RUNS = 2;

/** Runs a poll at the service's time, and writes its log once it has succeeded. */
export async function startPoll<Settings, T>(
	context: IPollFunctions,
	{ settings, isFirst }: { settings: Settings; isFirst: boolean },
	work: (current: PollRun<Settings>) => Promise<T>,
): Promise<T> {
	const { getPollBudgetMs }: Partial<IPollFunctions> = context;
	const maxMs = isFirst ? FIRST_BUDGET_MS : MAX_BUDGET_MS;
	const budgetMs = Math.min(getPollBudgetMs?.call(context) ?? maxMs, maxMs);
	const startedMs = Date.now();
	const lastSendMs = isFirst ? startedMs + LAST_SEND_OF_FIRST_MS : undefined;
	const api = createApi(context, { deadlineMs: startedMs + budgetMs, lastSendMs });
	return await atServiceTime(api, async (time) => {
		const log = new PollLog(context);
		const result = await work({ context, api, settings, budgetMs, time, log });
		log.clockDifference(api.clockDifferenceMs() ?? 0);
		log.write();
		return result;
	});
}

/**
 * Runs work at the service's time. Only an answer tells it, so work runs once more if this server's clock was off.
 * @throws what the work throws
 */
export async function atServiceTime<T>(api: Api, work: (time: ServiceTime) => Promise<T>): Promise<T> {
	for (let tries = 1; ; tries++) {
		const isClockWrong = watchClock(api);
		const mustRepeat = () => tries < MAX_RUNS && isClockWrong();
		const check = () => {
			if (mustRepeat()) throw new OperationalError('The clock of this server is off');
		};
		const [result] = await Promise.allSettled([work({ nowS: Math.floor(api.now() / 1000), check })]);
		if (mustRepeat()) continue;
		if (result.status === 'rejected') throw result.reason as Error;
		return result.value;
	}
}

interface ReadOptions {
	limit?: number;
	/** By default, the log says so. */
	onIncomplete?(difference: ListDifference): void;
}

/** All records of a range, each once. */
export async function* readPolledRange(
	{ api, settings, time, log }: PollRun<{ paging: Pick<RecordQuery, 'pageSize' | 'maxConcurrentRequests'> }>,
	range: TimeRange,
	{ limit, onIncomplete = (difference) => log.incompleteList(difference) }: ReadOptions = {},
): AsyncGenerator<WireRecord[]> {
	const records = scan(api, {
		range,
		nowS: time.nowS,
		limit,
		...settings.paging,
		// A count that is wrong for good must not stop the trigger for good.
		incompleteLists: 'continue',
		onIncomplete,
	});
	for await (const batch of records) {
		time.check();
		yield batch;
	}
	time.check();
}

type Level = 'warn' | 'error';

/** What a poll has to say, written once it has succeeded: until then it may have gone by a wrong time. */
export class PollLog {
	private readonly entries: Array<[Level, string]> = [];

	constructor(private readonly context: IPollFunctions) {}

	add(level: Level, text: string): void {
		this.entries.push([level, text]);
	}

	/** @param consequence a sentence */
	incompleteList(difference: ListDifference, consequence = 'It continues with what was received.'): void {
		const zone = this.context.getTimezone();
		const [from, to] = [difference.fromS, difference.toS].map((seconds) => isoTime(seconds, zone));
		const { withoutId } = difference;
		const skipped = withoutId > 0 ? ` Left out for lack of an ID: ${numberText(withoutId)}.` : '';
		this.add('warn', `${describeDifference(difference)}, from ${from} to ${to}. ${consequence}${skipped}`);
	}

	/** @param differenceMs the service's clock minus this server's */
	clockDifference(differenceMs: number): void {
		if (differenceMs === 0) return;
		const amount = Duration.fromMillis(Math.abs(differenceMs)).shiftTo('hours', 'minutes', 'seconds');
		const direction = differenceMs < 0 ? 'ahead of' : 'behind';
		const text = amount.toFormat("h 'h' m 'min' s 's'");
		this.add('warn', `the clock of this n8n server is ${text} ${direction} ITNIO TECH's, whose time it uses`);
	}

	write(): void {
		for (const [level, text] of this.entries) this.context.logger[level](`ITNIO TECH Trigger: ${text}`);
	}
}
