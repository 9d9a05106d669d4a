import { compareText } from '../../records/output/text';
import type { GroupKey, KeyReader } from './groupBy';

/** Names a group by the texts of its keys. */
export type GroupId = string | null;

/** A million groups have an id each, and no objects for their keys: those that are more than a text are few. */
export class GroupIds {
	/** Days, hours and what else is not sorted by its text; for each reader. */
	private readonly specialKeys: Array<Map<string | null, GroupKey>>;

	constructor(private readonly readers: KeyReader[]) {
		this.specialKeys = readers.map(() => new Map());
	}

	idOf(keys: GroupKey[]): GroupId {
		keys.forEach((key, index) => {
			if (key.range || key.order !== undefined) this.specialKeys[index].set(key.key, key);
		});
		return keys.length === 1 ? keys[0].key : JSON.stringify(keys.map(({ key }) => key));
	}

	keysOf(id: GroupId): GroupKey[] {
		return this.textsOf(id).map((key, index) => this.specialKeys[index].get(key) ?? { key });
	}

	/** Compares groups by their first key, then by their second. */
	createComparer(): (a: GroupId, b: GroupId) => number {
		if (this.readers.length === 1) return (a, b) => this.compareAt(0, a, b);
		const texts = new Map<GroupId, GroupId[]>();
		const textsOf = (id: GroupId) => {
			const known = texts.get(id) ?? this.textsOf(id);
			texts.set(id, known);
			return known;
		};
		return (a, b) => {
			const [left, right] = [textsOf(a), textsOf(b)];
			const index = left.findIndex((text, at) => text !== right[at]);
			return index < 0 ? 0 : this.compareAt(index, left[index], right[index]);
		};
	}

	private textsOf(id: GroupId): GroupId[] {
		return this.readers.length === 1 ? [id] : (JSON.parse(id!) as GroupId[]);
	}

	/** Days and hours by time: an hour that occurs twice has two keys, whose offsets sort the other way as text. */
	private compareAt(index: number, a: GroupId, b: GroupId): number {
		const [keyA, keyB] = [this.specialKeys[index].get(a), this.specialKeys[index].get(b)];
		if (keyA?.order !== undefined && keyB?.order !== undefined) return keyA.order - keyB.order;
		return keyA?.range && keyB?.range ? keyA.range.fromS - keyB.range.fromS : compareText(a ?? '', b ?? '');
	}
}
