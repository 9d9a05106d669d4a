import type { WireRecord } from '../../api/types';
import { secondsOf } from '../../records/record';
import type { CallFacts } from '../figures/callFacts';
import type { FigureOptions } from '../figures/figures';
import { isIn, type ComparedPart } from './comparedPart';
import type { GroupKey, KeyReader } from './groupBy';
import type { GroupId } from './groupIds';
import { Groups } from './groups';

/** The calls of the part of a range that can be compared, in the groups of the whole. */
export class ComparedCalls {
	readonly groups: Groups;
	/** By reader: the keys that occur in the part, where they are known without records. */
	private readonly keys: Array<Set<string | null> | undefined>;

	constructor(
		private readonly part: ComparedPart,
		readers: KeyReader[],
		options: FigureOptions,
	) {
		this.groups = new Groups({ ...options, includeDetails: false });
		this.keys = readers.map((reader) => comparedKeys(reader, part));
	}

	add(record: WireRecord, id: GroupId, facts: CallFacts): void {
		if (isIn(this.part.later, secondsOf(record.submitTime))) this.groups.add(id, facts);
	}

	/** Whether a group has calls in the part, or could have. */
	has(keys: GroupKey[]): boolean {
		return keys.every(({ key }, index) => this.keys[index]?.has(key) ?? true);
	}
}

/** Weekdays and hours of the day recur, and must be in both ranges. */
function comparedKeys(
	{ keysIn }: KeyReader,
	{ earlier, later }: ComparedPart,
): ComparedCalls['keys'][number] {
	if (!keysIn) return undefined;
	const before = new Set(keysIn(earlier).map(({ key }) => key));
	const keys = keysIn(later).filter(({ key, order }) => order === undefined || before.has(key));
	return new Set(keys.map(({ key }) => key));
}
