import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { IdSet } from '../../records/scan/idSet';
import { calledNumberIn } from '../../records/phoneNumber';
import type { TimeRange } from '../../records/windows';
import { compareText } from '../figures/compareText';
import { changesOf, UNKNOWN_CHANGES } from './changes';
import type { TimeShift } from './earlierRange';
import type { CallFacts } from '../figures/callFacts';
import { FIGURE_TYPES, Figures, type FigureOptions } from '../figures/figures';
import { Gaps } from '../figures/gaps';
import { shareOf } from '../figures/rounding';
import { GROUP_TYPES, type GroupKey, type GroupName, type KeyReader } from './groupBy';

/** What each row has after its keys: type by name, in reading order. */
export const ROW_TYPES = { ...FIGURE_TYPES, from: 'time', to: 'time' } as const;

export const SORTS = ['keys', 'calls', 'failed', 'asr', 'cost'] as const;

const SORT_VALUES: Record<Exclude<(typeof SORTS)[number], 'keys'>, (figures: Figures) => number | null> = {
	calls: ({ calls }) => calls,
	failed: ({ failed }) => failed,
	asr: ({ answered, failed }) => shareOf(answered, answered + failed),
	cost: ({ costs }) => costs.total,
};

export interface SummaryOptions extends FigureOptions {
	groupBy: GroupName[];
	sortBy: (typeof SORTS)[number];
	/** 0: all. */
	maxGroups: number;
}

interface Group {
	id: string;
	keys: GroupKey[];
	figures: Figures;
}

/** Adds calls up, one at a time, without keeping records. */
export class Summary {
	private readonly groups = new Map<string, Group>();

	private readonly readers: KeyReader[];

	private readonly gaps = new Gaps();

	/** The called numbers of each group, in one set for all groups, and those that were answered at least once. */
	private readonly calledNumbers = new IdSet();

	private readonly reachedNumbers = new IdSet();

	private hiddenGroups = 0;

	/** Rows without a cost because it is in several currencies. */
	private rowsWithoutSum = 0;

	/** The calls of an earlier range, in the groups of this one; `null` if they are not known. */
	private earlier?: Summary | null;

	private unmatchedCalls = 0;

	/** Times of rows as text, by their seconds: thousands of rows share a few times. */
	private readonly timeTexts = new Map<number, string | null>();

	/** @param zone timezone of days, hours and the times in the rows */
	constructor(
		private readonly options: SummaryOptions,
		private readonly range: TimeRange,
		private readonly zone: string,
		private readonly toLater?: TimeShift,
	) {
		this.readers = options.groupBy.map((name) => GROUP_TYPES[name].createReader(zone, toLater));
	}

	/** A summary of an earlier range for `compareWith`: it adds each call to the group that it is compared with. */
	createEarlier(toLater: TimeShift): Summary {
		return new Summary({ ...this.options, includeDetails: false }, this.range, this.zone, toLater);
	}

	/**
	 * Adds to each row how it changed. A group that was there only before gets a row of zeros.
	 * @param earlier `null` if the earlier calls are not known
	 */
	compareWith(earlier: Summary | null): void {
		this.earlier = earlier;
		for (const { id, keys, figures } of earlier?.groups.values() ?? []) {
			if (this.groups.has(id) || keys.every((key) => this.isInRange(key))) this.groupOf(keys);
			else this.unmatchedCalls += figures.calls;
		}
	}

	/** What the rows leave out, a sentence for each kind. */
	hints(): string[] {
		const { hiddenGroups, unmatchedCalls, gaps } = this;
		const earlierGaps = this.earlier?.gaps.hints().map((hint) => `Compared with: ${hint}`) ?? [];
		const hidden = `Groups that are not output because of "Max Groups": ${hiddenGroups}`;
		const unmatched = `Earlier calls whose day or hour has no counterpart in the time range: ${unmatchedCalls}. They are in no comparison.`;
		return [
			...gaps.hints(),
			...earlierGaps,
			...(unmatchedCalls > 0 ? [unmatched] : []),
			...(hiddenGroups > 0 ? [hidden] : []),
		];
	}

	/** Why rows have no cost, if it is not for what the other hints say. */
	currencyHint(): string | undefined {
		const { rowsWithoutSum } = this;
		if (rowsWithoutSum === 0) return undefined;
		return `Items with costs in several currencies: ${rowsWithoutSum}. Their "cost" is empty, as it would have no currency. Add Currency to "Group By", or see "costs" of "Include Details".`;
	}

	/** @returns what it has read from the record */
	add(record: WireRecord): CallFacts {
		const keys = this.readers.map((reader) => reader.keyOf(record));
		// Only days and hours are known without records.
		if (this.readers.some(({ keysIn }, index) => keysIn && keys[index].key === null)) {
			this.gaps.unreadableTimes++;
		}
		const { id, figures } = this.groupOf(keys);
		const facts = figures.add(record);
		// No change of them is output.
		if (!this.toLater) this.countNumber(record, { id, figures }, facts);
		return facts;
	}

	/** The figures of all calls, where they are in no groups. */
	total(): Figures {
		return this.groupOf([]).figures;
	}

	/** A row for each group, at most as many as wanted; without any call, one row of zeros. */
	rows(): IDataObject[] {
		if (this.readers.length === 1) {
			// A report by day has a row for each day, also for one without calls.
			for (const key of this.readers[0].keysIn?.(this.range) ?? []) this.groupOf([key]);
		}
		if (this.groups.size === 0) this.groupOf(this.readers.map(() => ({ key: null })));
		const { maxGroups } = this.options;
		const groups = this.sortedGroups();
		const output = maxGroups > 0 ? groups.slice(0, maxGroups) : groups;
		this.hiddenGroups = groups.length - output.length;
		this.rowsWithoutSum = output.filter(({ figures }) => figures.costs.hasSeveralCurrencies).length;
		return output.map((group) => this.row(group));
	}

	/** Rows are made only of what is output, as there may be a million groups. */
	private sortedGroups(): Group[] {
		const groups = [...this.groups.values()].sort(byKeys);
		const { sortBy } = this.options;
		if (sortBy === 'keys') return groups;
		const valueOf = SORT_VALUES[sortBy];
		return groups
			.map((group) => ({ group, value: valueOf(group.figures) }))
			.sort((a, b) => compareFigures(a.value, b.value, sortBy))
			.map(({ group }) => group);
	}

	private groupOf(keys: GroupKey[]): Group {
		const id = JSON.stringify(keys.map(({ key }) => key));
		let group = this.groups.get(id);
		if (!group) {
			group = { id, keys, figures: this.emptyFigures() };
			this.groups.set(id, group);
		}
		return group;
	}

	private emptyFigures(): Figures {
		return new Figures(this.gaps, this.options);
	}

	private countNumber(
		record: WireRecord,
		{ id, figures }: Omit<Group, 'keys'>,
		{ outcome }: CallFacts,
	): void {
		const calledNumber = calledNumberIn(record);
		if (calledNumber === null) return;
		if (this.calledNumbers.add(id + calledNumber)) figures.uniqueNumbers++;
		if (outcome === 'answered' && this.reachedNumbers.add(id + calledNumber)) figures.reachedNumbers++;
	}

	private isInRange({ range }: GroupKey): boolean {
		return !range || (range.fromS <= this.range.toS && range.toS >= this.range.fromS);
	}

	private changesIn({ id, figures }: Group): IDataObject {
		if (this.earlier === undefined) return {};
		if (this.earlier === null) return UNKNOWN_CHANGES;
		return changesOf(figures, this.earlier.groups.get(id)?.figures ?? this.emptyFigures());
	}

	private row(group: Group): IDataObject {
		const { keys, figures } = group;
		const { fromS, toS } = this.rangeOf(keys);
		const { details, ...row } = figures.toJson();
		const values = Object.fromEntries(this.options.groupBy.map((name, index) => [name, keys[index].key]));
		return {
			...values,
			...row,
			// Of the calls in a currency, perhaps none has a cost.
			...values,
			from: this.timeText(fromS),
			to: this.timeText(toS),
			...this.changesIn(group),
			...(details && { details }),
		};
	}

	/** The part of the query's range that lies in the day and hour of a group. */
	private rangeOf(keys: GroupKey[]): TimeRange {
		const periods = keys.flatMap(({ range }) => range ?? []);
		const fromS = Math.max(this.range.fromS, ...periods.map((period) => period.fromS));
		const toS = Math.min(this.range.toS, ...periods.map((period) => period.toS));
		if (fromS <= toS) return { fromS, toS };
		// The API may list a call by another time than its submit time, which may then lie outside the range.
		return periods.reduce((a, b) => (b.toS - b.fromS < a.toS - a.fromS ? b : a));
	}

	private timeText(seconds: number): string | null {
		let text = this.timeTexts.get(seconds);
		if (text === undefined) {
			text = DateTime.fromSeconds(seconds, { zone: this.zone }).toISO({ suppressMilliseconds: true });
			this.timeTexts.set(seconds, text);
		}
		return text;
	}
}

function byKeys(a: Group, b: Group): number {
	const index = a.keys.findIndex(({ key }, at) => key !== b.keys[at].key);
	return index < 0 ? 0 : compareKeys(a.keys[index], b.keys[index]);
}

/** The most first, but the lowest answer rate; what is not known last. Equal figures keep the order of their keys. */
function compareFigures(a: number | null, b: number | null, sortBy: string): number {
	if (a === null || b === null) return Number(a === null) - Number(b === null);
	return sortBy === 'asr' ? a - b : b - a;
}

/** Days and hours by time: an hour that occurs twice has two keys, whose offsets sort the other way as text. */
function compareKeys(a: GroupKey, b: GroupKey): number {
	if (a.order !== undefined && b.order !== undefined) return a.order - b.order;
	return a.range && b.range ? a.range.fromS - b.range.fromS : compareText(a.key ?? '', b.key ?? '');
}
