import type { Figures } from '../figures/figures';
import type { GroupId, GroupIds } from './groupIds';
import type { Groups } from './groups';
import { eachInSlices, sortInSlices, type SlicedWork } from './slices';

export const SORTS = ['keys', 'calls', 'failed', 'asr', 'cost'] as const;

export type SortName = (typeof SORTS)[number];

const SORT_VALUES: Record<Exclude<SortName, 'keys'>, (figures: Figures) => number | null> = {
	calls: ({ calls }) => calls,
	failed: ({ failed }) => failed,
	// Exact, as what is output is rounded.
	asr: ({ answered, failed }) => (answered + failed === 0 ? null : answered / (answered + failed)),
	cost: ({ costs }) => costs.total,
};

/** Equal figures keep the order of their keys. */
export function* sortGroups(groups: Groups, groupIds: GroupIds, sortBy: SortName): SlicedWork<GroupId[]> {
	const ids = yield* sortInSlices([...groups.ids()], groupIds.createComparer());
	if (sortBy === 'keys') return ids;
	const valueOf = SORT_VALUES[sortBy];
	const entries: Array<{ id: GroupId; value: number | null }> = [];
	yield* eachInSlices(ids, (id) => entries.push({ id, value: valueOf(groups.briefFiguresOf(id)) }));
	const sorted = yield* sortInSlices(entries, (a, b) => compareFigures(a.value, b.value, sortBy));
	return sorted.map(({ id }) => id);
}

/** The most first, but the lowest answer rate; what is not known last. */
function compareFigures(a: number | null, b: number | null, sortBy: SortName): number {
	if (a === null || b === null) return Number(a === null) - Number(b === null);
	return sortBy === 'asr' ? a - b : b - a;
}
