import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { isoTime } from '../../records/output/localTime';
import { numberText } from '../../records/output/text';
import { IdSet } from '../../records/scan/idSet';
import { calledNumberIn } from '../../records/phoneNumber';
import type { TimeRange } from '../../records/calendar';
import { readCall, type CallFacts } from '../figures/callFacts';
import { readDetails } from '../figures/details';
import { FIGURE_TYPES, type Figures, type FigureOptions } from '../figures/figures';
import { Gaps } from '../figures/gaps';
import { changesOf, UNKNOWN_CHANGES } from './changes';
import { ComparedCalls } from './comparedCalls';
import type { ComparedPart } from './comparedPart';
import type { TimeShift } from './earlierRange';
import { GROUP_TYPES, type GroupKey, type GroupName, type KeyReader } from './groupBy';
import { GroupIds, type GroupId } from './groupIds';
import { sortGroups, type SortName } from './groupOrder';
import { Groups } from './groups';
import { eachInSlices, type SlicedWork } from './slices';

/** What each row has after its keys: type by name, in reading order. */
export const ROW_TYPES = { ...FIGURE_TYPES, from: 'time', to: 'time' } as const;

export interface SummaryOptions extends FigureOptions {
	groupBy: GroupName[];
	sortBy: SortName;
	/** 0: all. */
	maxGroups: number;
	/** For the calls of an earlier range: the time that each is compared with. */
	toLater?: TimeShift;
}

/** Adds calls up, one at a time, without keeping records. */
export class Summary {
	private readonly groups: Groups;
	private readonly ids: GroupIds;
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
	/** What is compared with them, if it is not all calls. */
	private compared?: ComparedCalls;
	private unmatchedCalls = 0;
	/** Times of rows as text, by their seconds: thousands of rows share a few times. */
	private readonly timeTexts = new Map<number, string | null>();

	/** @param zone timezone of days, hours and the times in the rows */
	constructor(
		private readonly options: SummaryOptions,
		private readonly range: TimeRange,
		private readonly zone: string,
	) {
		const { groupBy, toLater } = options;
		this.readers = groupBy.map((name) => GROUP_TYPES[name].createReader(zone, toLater));
		this.ids = new GroupIds(this.readers);
		this.groups = new Groups(options);
	}

	/** A summary of an earlier range for `compareWith`: it adds each call to the group that it is compared with. */
	createEarlier(toLater: TimeShift): Summary {
		return new Summary({ ...this.options, includeDetails: false, toLater }, this.range, this.zone);
	}

	/** Before any call is added: only those of a part are compared. */
	compareOnly(part: ComparedPart): void {
		this.compared = new ComparedCalls(part, this.readers, this.options);
	}

	/**
	 * Adds to each row how it changed. A group that was there only before gets a row of zeros.
	 * @param earlier `null` if the earlier calls are not known
	 */
	*compareWith(earlier: Summary | null): SlicedWork<void> {
		this.earlier = earlier;
		if (!earlier) return;
		yield* eachInSlices(earlier.groups.ids(), (earlierId) => {
			const keys = earlier.ids.keysOf(earlierId);
			const id = this.ids.idOf(keys);
			const hasRow = this.groups.has(id) || keys.every((key) => this.isInRange(key));
			if (hasRow) this.groups.open(id);
			if (!hasRow || this.compared?.has(keys) === false)
				this.unmatchedCalls += earlier.groups.figuresOf(earlierId).calls;
		});
	}

	/** What the rows leave out, a sentence for each kind. */
	hints(): string[] {
		const { hiddenGroups, unmatchedCalls, gaps } = this;
		const earlierGaps = this.earlier?.gaps.hints().map((hint) => `Compared with: ${hint}`) ?? [];
		const hidden = `Groups that are not output because of "Max Groups": ${numberText(hiddenGroups)}`;
		const comparedRange = this.compared ? 'the compared part of the time range' : 'the time range';
		const unmatched = `Earlier calls whose day or hour has no counterpart in ${comparedRange}: ${numberText(unmatchedCalls)}. They are not compared.`;
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
		return `Items with costs in several currencies: ${numberText(rowsWithoutSum)}. Their "cost" is empty, as it would have no currency. Add Currency to "Group By", or see "costs" of "Include Details".`;
	}

	/** @returns what it has read from the record */
	add(record: WireRecord): CallFacts {
		const keys = this.readers.map((reader) => reader.keyOf(record));
		// Only days and hours are known without records.
		if (this.readers.some(({ keysIn }, index) => keysIn && keys[index].key === null)) {
			this.gaps.unreadableTimes++;
		}
		const id = this.ids.idOf(keys);
		const facts = readCall(record, this.gaps);
		if (this.options.includeDetails) facts.details = readDetails(record);
		// No change of them is output.
		if (!this.options.toLater) this.countNumber(record, id, facts);
		this.groups.add(id, facts);
		this.compared?.add(record, id, facts);
		return facts;
	}

	/** The figures of all calls, where they are in no groups. */
	total(): Figures {
		return this.groups.figuresOf(this.ids.idOf([]));
	}

	/** The figures of all calls that are compared, where they are in no groups. */
	comparedTotal(): Figures {
		return (this.compared?.groups ?? this.groups).figuresOf(this.ids.idOf([]));
	}

	/** The only row, where the calls are in no groups. */
	totalRow(): IDataObject {
		return this.row(this.ids.idOf([]));
	}

	/** A row for each group, at most as many as wanted; without any call, one row of zeros. */
	*rows(): SlicedWork<IDataObject[]> {
		if (this.readers.length === 1) {
			// A report by day has a row for each day, also for one without calls.
			for (const key of this.readers[0].keysIn?.(this.range) ?? []) this.groups.open(this.ids.idOf([key]));
		}
		if (this.groups.size === 0) this.groups.open(this.ids.idOf(this.readers.map(() => ({ key: null }))));
		const { maxGroups } = this.options;
		const ids = yield* sortGroups(this.groups, this.ids, this.options.sortBy);
		const output = maxGroups > 0 ? ids.slice(0, maxGroups) : ids;
		this.hiddenGroups = ids.length - output.length;
		this.rowsWithoutSum = 0;
		const rows: IDataObject[] = [];
		// Rows are made only of what is output, as there may be a million groups.
		yield* eachInSlices(output, (id) => rows.push(this.row(id)));
		return rows;
	}

	private countNumber(record: WireRecord, id: GroupId, facts: CallFacts): void {
		const calledNumber = calledNumberIn(record);
		if (calledNumber === null) return;
		const idInGroup = JSON.stringify(id) + calledNumber;
		facts.isNewNumber = this.calledNumbers.add(idInGroup);
		facts.isNewlyReached = facts.outcome === 'answered' && this.reachedNumbers.add(idInGroup);
	}

	private isInRange({ range }: GroupKey): boolean {
		return !range || (range.fromS <= this.range.toS && range.toS >= this.range.fromS);
	}

	private changesIn(id: GroupId, keys: GroupKey[]): IDataObject {
		const { earlier, compared } = this;
		if (earlier === undefined) return {};
		if (earlier === null || compared?.has(keys) === false) return UNKNOWN_CHANGES;
		const figures = (compared?.groups ?? this.groups).figuresOf(id);
		return changesOf(figures, earlier.groups.figuresOf(id));
	}

	private row(id: GroupId): IDataObject {
		const keys = this.ids.keysOf(id);
		const figures = this.groups.figuresOf(id);
		if (figures.costs.hasSeveralCurrencies) this.rowsWithoutSum++;
		const { fromS, toS } = this.rangeOf(keys);
		const { details, ...row } = figures.toJson();
		const values = Object.fromEntries(this.options.groupBy.map((name, index) => [name, keys[index].key]));
		return {
			...values,
			...row,
			// Perhaps none of the calls in a currency has a cost.
			...values,
			from: this.timeText(fromS),
			to: this.timeText(toS),
			...this.changesIn(id, keys),
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
			text = isoTime(seconds, this.zone);
			this.timeTexts.set(seconds, text);
		}
		return text;
	}
}
