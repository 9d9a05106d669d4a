import { DateTime } from 'luxon';

import type { Behaviour } from './behaviour';
import type { Dataset, DatasetQuery } from './dataset';
import { envelopeAnswer, jsonObject, recordJson, type Answer } from './wire';

const MAX_RANGE_MS = 31 * 86_400_000;
const MAX_AGE_MONTHS = 2;
const REPEATED_ROWS = 2;

export interface PageContext {
	behaviour: Behaviour;
	dataset: Dataset;
	serviceNow: number;
	/** The one reshuffle of `behaviour.reshuffleAfterRequests` has happened. */
	reshuffled: boolean;
}

interface PageRequest {
	current: number;
	size: number;
	fromMs: number;
	toMs: number;
}

/** The answer to `POST /voice/recordGroupQuery`, and the end of its range when it is a page of rows. */
export function answerPage(body: unknown, context: PageContext): { answer: Answer; rangeEndMs?: number } {
	const { behaviour, dataset, serviceNow } = context;
	const request = parsePageRequest(body, behaviour);
	if (!request) return { answer: envelopeAnswer(behaviour, '-22') };

	const allowed = isAllowedRange(request, serviceNow);
	if (!allowed && behaviour.outOfRange !== 'empty') {
		return { answer: envelopeAnswer(behaviour, behaviour.outOfRange) };
	}

	const query = datasetQuery(request, context);
	const size = Math.min(request.size, behaviour.maxSize);
	const total = allowed ? dataset.count(query) : 0;
	const pages = Math.ceil(total / size);
	const pastTheEnd = request.current > Math.max(1, pages);
	if (pastTheEnd && behaviour.pastTheEnd === 'error') return { answer: envelopeAnswer(behaviour, '-22') };

	const page = pastTheEnd && behaviour.pastTheEnd === 'lastPage' ? Math.max(1, pages) : request.current;
	const start = (page - 1) * size;
	const repeated = behaviour.duplicateRows && start < total ? Math.min(REPEATED_ROWS, start) : 0;
	const rows = total === 0 ? [] : dataset.slice(query, start - repeated, size + repeated);
	const data = jsonObject({
		total: String(behaviour.searchCount ? total : 0),
		size: String(behaviour.reportsClampedSize ? size : request.size),
		current: String(request.current),
		pages: String(behaviour.searchCount ? pages : 0),
		searchCount: String(behaviour.searchCount),
		records: `[${rows.map((row) => recordJson(row, behaviour)).join(',')}]`,
	});
	return { answer: envelopeAnswer(behaviour, '0', { data }), rangeEndMs: request.toMs };
}

function datasetQuery({ fromMs, toMs }: PageRequest, context: PageContext): DatasetQuery {
	const { behaviour, serviceNow, reshuffled } = context;
	const listedUntilMs = behaviour.listingDelayMs > 0 ? serviceNow - behaviour.listingDelayMs : Infinity;
	return {
		fromMs,
		toMs: Math.min(toMs, listedUntilMs),
		field: behaviour.rangeFilter,
		endsInclusive: behaviour.endsInclusive,
		ongoing: behaviour.listsOngoingCalls,
		order: reshuffled ? 'none' : behaviour.order,
		shuffle: reshuffled ? 1 : 0,
	};
}

/** The checked request, or undefined when the service would call it a parameter exception. */
function parsePageRequest(body: unknown, { acceptsOtherOffsets }: Behaviour): PageRequest | undefined {
	if (!isObject(body) || !isObject(body.params)) return undefined;
	const { current, size } = body;
	if (!isPositiveInt(current) || !isPositiveInt(size)) return undefined;

	const fromMs = parseTime(body.params.strTime, acceptsOtherOffsets);
	const toMs = parseTime(body.params.endTime, acceptsOtherOffsets);
	if (fromMs === undefined || toMs === undefined || fromMs > toMs) return undefined;
	return { current, size, fromMs, toMs };
}

/** Exactly the documented form: ISO 8601, to the second, with an offset. */
function parseTime(text: unknown, acceptsOtherOffsets: boolean): number | undefined {
	const match = typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.exec(text);
	if (!match || (match[1] !== '+08:00' && !acceptsOtherOffsets)) return undefined;
	const time = DateTime.fromISO(match[0]);
	return time.isValid ? time.toMillis() : undefined;
}

function isAllowedRange({ fromMs, toMs }: PageRequest, serviceNow: number): boolean {
	const oldest = DateTime.fromMillis(serviceNow, { zone: 'UTC+8' }).minus({ months: MAX_AGE_MONTHS });
	return toMs - fromMs <= MAX_RANGE_MS && fromMs >= oldest.toMillis();
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function isPositiveInt(value: unknown): value is number {
	return Number.isInteger(value) && (value as number) >= 1;
}
