import type { JsonObject } from 'n8n-workflow';
import { readPage } from '../../../nodes/Itniotech/api/endpoints';
import type { RecordPage, TimeSpan, WantedPage } from '../../../nodes/Itniotech/api/types';
import { parseJson } from '../../../nodes/Itniotech/api/values';
import type { ListDifference } from '../../../nodes/Itniotech/records/scan/incompleteList';
import { scan, type ScanQuery } from '../../../nodes/Itniotech/records/scan/scan';
import type { RecordSource } from '../../../nodes/Itniotech/records/scan/windowScanner';
import { DEFAULT_BEHAVIOUR, type Behaviour } from '../../simulator/behaviour';
import { listDataset, type Dataset, type WireRecord } from '../../simulator/dataset';
import { answerPage } from '../../simulator/recordGroupQuery';
import { wireTime } from '../../simulator/records';

/** The simulator's list of records without HTTP, as the scan sees it. */
export class ModelApi implements RecordSource {
	readonly requests: Array<{ window: TimeSpan; current: number; size: number }> = [];

	maxInFlight = 0;

	/** How many times the rows have changed places. */
	shuffles = 0;

	readonly dataset: Dataset;

	private readonly onTheirWay = new Set<number>();

	private readonly behaviour: Behaviour;

	/** Awaited before the list is looked at; may change the list. */
	beforeAnswer: (request: number) => Promise<void> = async () => {};

	/** @param nowS present time of the service in Unix seconds, after which nothing may be asked for */
	constructor(
		rows: Row[],
		behaviour: Partial<Behaviour> = {},
		private readonly nowS = Infinity,
	) {
		this.dataset = listDataset(rows);
		this.behaviour = {
			...DEFAULT_BEHAVIOUR,
			acceptsOtherOffsets: false,
			listsOngoingCalls: true,
			...behaviour,
		};
	}

	/** Unix time of the service in milliseconds. */
	now = () => FROM * 1000;

	width(): number {
		return 5;
	}

	async fetchPage(window: TimeSpan, { current, size }: WantedPage, signal: AbortSignal): Promise<RecordPage> {
		const request = this.requests.push({ window, current, size });
		const leave = () => this.onTheirWay.delete(request);
		this.maxInFlight = Math.max(this.maxInFlight, this.onTheirWay.add(request).size);
		signal.addEventListener('abort', leave);
		await this.beforeAnswer(request);
		signal.removeEventListener('abort', leave);
		leave();
		if (size > 100 || Date.parse(window.endTime) > this.nowS * 1000) throw new Error('no such request');
		return this.page(window, current, size);
	}

	private page(params: TimeSpan, current: number, size: number): RecordPage {
		const { behaviour, dataset, shuffles } = this;
		const context = { behaviour, dataset, serviceNow: this.now(), shuffles };
		const { answer } = answerPage({ current, size, params }, context);
		if (answer.status === '-22' && current > 1) return { records: [], isRefused: true };
		if (answer.status !== '0') throw new Error(`refused: ${answer.status}`);
		const page = readPage(parseJson(answer.body) as JsonObject, current);
		if (!page) throw new Error('unexpected response');
		return page;
	}
}

/** A record with what it is looked for by. */
export type Row = Pick<WireRecord, 'voiceId' | 'submitTime' | 'callTime'>;

/** A row with its times in Unix seconds; a call that was not placed yet has no time of the call. */
export function row(voiceId: number | string, submitS: number, callS: number | null = submitS): Row {
	return {
		voiceId: `${voiceId}`,
		submitTime: wireTime(submitS * 1000),
		callTime: callS === null ? undefined : wireTime(callS * 1000),
	};
}

export const FROM = Date.parse('2026-03-01T00:00:00Z') / 1000;
export const DAY_S = 86_400;

/** `count` rows in the first hour of March, a second apart, the oldest with the id 0. */
export const rowsWithin = (count: number) =>
	Array.from({ length: count }, (_, index) => row(index, FROM + 1 + index));

/** A query for that hour. */
export function ask(changes: Partial<ScanQuery> = {}): ScanQuery {
	const { range = { fromS: FROM, toS: FROM + 3600 } } = changes;
	const paging = { pageSize: 100, maxConcurrentRequests: 3 };
	return { range, nowS: range.toS + DAY_S, ...paging, incompleteLists: 'stop', ...changes };
}

/** Ids that a scan yielded, what it said about lists that are not complete, and what ended it. */
export async function run(source: RecordSource, query: ScanQuery) {
	const ids: string[] = [];
	const differences: ListDifference[] = [];
	const onIncomplete = (difference: ListDifference) => differences.push(difference);
	let cutOffS: number | undefined;
	const onTooOld = (fromS: number) => (cutOffS = fromS);
	let thrown: unknown;
	try {
		for await (const records of scan(source, { onIncomplete, onTooOld, ...query }))
			ids.push(...records.map(({ voiceId }) => voiceId));
	} catch (error) {
		thrown = error;
	}
	return { ids, differences, cutOffS, thrown };
}
