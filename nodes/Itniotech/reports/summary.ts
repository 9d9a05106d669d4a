import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import { Calendar } from './calendar';
import type { GroupKey } from './groupBy';
import { IdSet } from '../records/idSet';
import { ExactSum } from './exactSum';
import { numberOf, outcomeOf, secondsOf, textOf } from '../records/record';
import type { TimeRange } from '../records/windows';

const DEFAULT_CURRENCY = 'USD';
const MAX_TOP_FAILURES = 5;

interface Failure {
	terminationCode: string;
	terminationReason: string;
	calls: number;
}

interface Group {
	keys: Array<string | null>;
	calls: number;
	answered: number;
	failed: number;
	pending: number;
	totalDuration: number;
	/** Of the answered calls alone. */
	answeredDuration: number;
	chargedDuration: number;
	uniqueCallees: number;
	failures: Map<string, Failure>;
	costs: Map<string, ExactSum>;
	unreadableCosts: number;
}

/** Adds calls up, one at a time, and keeps no record. */
export class Summary {
	private readonly groups = new Map<string, Group>();

	/** Callees of each group, in one set for all of them. */
	private readonly callees = new IdSet();

	private readonly days: Calendar;

	private readonly hours: Calendar;

	/** Times of the rows as text, by their seconds. */
	private readonly shown = new Map<number, string | null>();

	/** @param zone of days and hours, and of the times in the rows */
	constructor(
		private readonly groupBy: GroupKey[],
		private readonly range: TimeRange,
		private readonly zone: string,
	) {
		this.days = new Calendar('day', zone);
		this.hours = new Calendar('hour', zone);
	}

	/** Costs that are no amount, and so are in no sum. */
	get unreadableCosts(): number {
		return [...this.groups.values()].reduce((sum, group) => sum + group.unreadableCosts, 0);
	}

	add(record: WireRecord): void {
		const keys = this.groupBy.map((key) => this.keyOf(record, key));
		const group = this.groupOf(keys);
		const outcome = outcomeOf(record);
		group.calls++;
		group[outcome]++;
		const duration = numberOf(record.callDuration) ?? 0;
		group.totalDuration += duration;
		if (outcome === 'answered') group.answeredDuration += duration;
		group.chargedDuration += numberOf(record.chargedDuration) ?? 0;
		const callee = textOf(record.callee);
		if (callee !== null && this.callees.add(JSON.stringify([keys, callee]))) group.uniqueCallees++;
		if (outcome === 'failed') countFailure(group, record);
		this.addCost(group, record);
	}

	/** A row for each group, sorted by its keys in their order; without any call, one row of zeros. */
	rows(): IDataObject[] {
		if (this.groupBy.length === 1) {
			// An empty day is a part of a report by days.
			const calendar = { day: this.days, hour: this.hours }[String(this.groupBy[0])];
			for (const { key } of calendar?.spansIn(this.range) ?? []) this.groupOf([key]);
		}
		if (this.groups.size === 0) this.groupOf(this.groupBy.map(() => null));
		return [...this.groups.values()].sort((a, b) => this.inOrder(a, b)).map((group) => this.row(group));
	}

	private keyOf(record: WireRecord, key: GroupKey): string | null {
		switch (key) {
			case 'day':
			case 'hour': {
				const seconds = secondsOf(record.submitTime);
				return seconds === null ? null : (key === 'day' ? this.days : this.hours).spanOf(seconds).key;
			}
			case 'area':
				return textOf(record.code);
			case 'outcome':
				return outcomeOf(record);
			case 'currency':
				return currencyOf(record);
			default:
				return textOf(record[key]);
		}
	}

	private groupOf(keys: Array<string | null>): Group {
		const id = JSON.stringify(keys);
		const known = this.groups.get(id);
		if (known) return known;
		const counts = { calls: 0, answered: 0, failed: 0, pending: 0, unreadableCosts: 0 };
		const sums = { totalDuration: 0, answeredDuration: 0, chargedDuration: 0, uniqueCallees: 0 };
		const group: Group = { keys, ...counts, ...sums, failures: new Map(), costs: new Map() };
		this.groups.set(id, group);
		return group;
	}

	private addCost(group: Group, record: WireRecord): void {
		const amount = textOf(record.cost);
		if (amount === null) return;
		const currency = currencyOf(record);
		const sum = group.costs.get(currency) ?? new ExactSum();
		if (sum.add(amount)) group.costs.set(currency, sum);
		else group.unreadableCosts++;
	}

	private row(group: Group): IDataObject {
		const { keys, calls, answered, failed, pending, totalDuration, chargedDuration, uniqueCallees } = group;
		const { fromS, toS } = this.rangeOf(keys);
		const costs = [...group.costs]
			.sort(([a], [b]) => compare(a, b))
			.map(([currency, sum]) => ({ currency, cost: sum.toString() }));
		return {
			...Object.fromEntries(this.groupBy.map((key, index) => [key, keys[index]])),
			from: this.show(fromS),
			to: this.show(toS),
			calls,
			answered,
			failed,
			pending,
			asr: ratio(answered, answered + failed),
			acd: ratio(group.answeredDuration, answered),
			totalDuration,
			chargedDuration,
			uniqueCallees,
			topFailures: [...group.failures.values()].sort(byCalls).slice(0, MAX_TOP_FAILURES),
			costs,
			cost: costOf(group, costs),
		};
	}

	/** Of a day or hour, the part that lies in the range of the query. */
	private rangeOf(keys: Array<string | null>): TimeRange {
		const spans = this.groupBy.flatMap((key, index) => {
			const calendar = key === 'day' ? this.days : key === 'hour' ? this.hours : undefined;
			return calendar?.known(keys[index]) ?? [];
		});
		const fromS = Math.max(this.range.fromS, ...spans.map((span) => span.fromS));
		const toS = Math.min(this.range.toS, ...spans.map((span) => span.toS));
		// The API may list a call by another time than the one that its day is told by.
		return fromS <= toS
			? { fromS, toS }
			: spans.reduce((a, b) => (b.fromS >= a.fromS && b.toS <= a.toS ? b : a));
	}

	private show(seconds: number): string | null {
		let text = this.shown.get(seconds);
		if (text === undefined) {
			text = DateTime.fromSeconds(seconds, { zone: this.zone }).toISO({ suppressMilliseconds: true });
			this.shown.set(seconds, text);
		}
		return text;
	}

	/** Hours by their moment: one that comes twice has two keys, whose offsets sort as text the other way round. */
	private inOrder(a: Group, b: Group): number {
		const index = a.keys.findIndex((key, at) => key !== b.keys[at]);
		if (index < 0) return 0;
		const [keyA, keyB] = [a.keys[index], b.keys[index]];
		const [hourA, hourB] = [this.hours.known(keyA), this.hours.known(keyB)];
		return hourA && hourB ? hourA.fromS - hourB.fromS : compare(keyA ?? '', keyB ?? '');
	}
}

/** Source of USD: the vendor's page "voice message record". */
function currencyOf(record: WireRecord): string {
	return textOf(record.currency) ?? DEFAULT_CURRENCY;
}

function countFailure({ failures }: Group, record: WireRecord): void {
	const terminationCode = textOf(record.terminationCode) ?? '';
	const terminationReason = textOf(record.terminationReason) ?? '';
	const id = `${terminationCode} ${terminationReason}`;
	const failure = failures.get(id) ?? { terminationCode, terminationReason, calls: 0 };
	failure.calls++;
	failures.set(id, failure);
}

/** A part of a whole; `null` of nothing. */
function ratio(part: number, whole: number): number | null {
	return whole === 0 ? null : part / whole;
}

/** Nothing where no cost could be read: it is not known to be 0. */
function costOf({ unreadableCosts }: Group, costs: Array<{ cost: string }>): number | null {
	if (costs.length === 0 && unreadableCosts === 0) return 0;
	return costs.length === 1 ? Number(costs[0].cost) : null;
}

/** Most first, and equals by their code, so that the order of the records does not show. */
function byCalls(a: Failure, b: Failure): number {
	return (
		b.calls - a.calls ||
		compare(a.terminationCode, b.terminationCode) ||
		compare(a.terminationReason, b.terminationReason)
	);
}

/** The same on every machine, unlike an order by language. */
function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
