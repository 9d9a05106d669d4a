import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import { IdSet } from '../records/idSet';
import { textOf } from '../records/record';
import type { TimeRange } from '../records/windows';
import { compareText } from './compareText';
import { Figures } from './figures';
import { Gaps } from './gaps';
import { GROUP_TYPES, type GroupKey, type GroupName, type KeyReader } from './groupBy';

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

	/** The called numbers of each group, in one set for all groups. */
	private readonly calledNumbers = new IdSet();

	/** Times of rows as text, by their seconds: thousands of rows share a few times. */
	private readonly timeTexts = new Map<number, string | null>();

	/** @param zone timezone of days, hours and the times in the rows */
	constructor(
		private readonly groupBy: GroupName[],
		private readonly range: TimeRange,
		private readonly zone: string,
	) {
		this.readers = groupBy.map((name) => GROUP_TYPES[name].createReader(zone));
	}

	/** What the figures leave out, a sentence for each kind. */
	hints(): string[] {
		return this.gaps.hints();
	}

	add(record: WireRecord): void {
		const keys = this.readers.map((reader) => reader.keyOf(record));
		// Only days and hours are known without records.
		if (this.readers.some(({ keysIn }, index) => keysIn && keys[index].key === null)) {
			this.gaps.unreadableTimes++;
		}
		const { id, figures } = this.groupOf(keys);
		figures.add(record);
		const calledNumber = textOf(record.callee);
		if (calledNumber !== null && this.calledNumbers.add(id + calledNumber)) figures.uniqueNumbers++;
	}

	/** A row for each group, sorted by its keys in their order; without any call, one row of zeros. */
	rows(): IDataObject[] {
		if (this.readers.length === 1) {
			// A report by day has a row for each day, also for one without calls.
			for (const key of this.readers[0].keysIn?.(this.range) ?? []) this.groupOf([key]);
		}
		if (this.groups.size === 0) this.groupOf(this.groupBy.map(() => ({ key: null })));
		return [...this.groups.values()].sort(byKeys).map((group) => this.row(group));
	}

	private groupOf(keys: GroupKey[]): Group {
		const id = JSON.stringify(keys.map(({ key }) => key));
		let group = this.groups.get(id);
		if (!group) {
			group = { id, keys, figures: new Figures(this.gaps) };
			this.groups.set(id, group);
		}
		return group;
	}

	private row({ keys, figures }: Group): IDataObject {
		const { fromS, toS } = this.rangeOf(keys);
		return {
			...Object.fromEntries(this.groupBy.map((name, index) => [name, keys[index].key])),
			from: this.timeText(fromS),
			to: this.timeText(toS),
			...figures.toJson(),
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

/** Days and hours by time: an hour that occurs twice has two keys, whose offsets sort the other way as text. */
function compareKeys(a: GroupKey, b: GroupKey): number {
	return a.range && b.range ? a.range.fromS - b.range.fromS : compareText(a.key ?? '', b.key ?? '');
}
