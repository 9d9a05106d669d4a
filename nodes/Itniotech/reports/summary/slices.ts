/** Takes some milliseconds, whatever the items are. */
const SLICE_LENGTH = 200;

/** Work that stops after each slice, so that whoever runs it can let others have a turn. */
export type SlicedWork<T> = Generator<void, T>;

export function* eachInSlices<T>(items: Iterable<T>, visit: (item: T) => void): SlicedWork<void> {
	let count = 0;
	for (const item of items) {
		visit(item);
		if (++count % SLICE_LENGTH === 0) yield;
	}
}

/** In the order of `compare`; what is equal keeps its order. */
export function* sortInSlices<T>(items: T[], compare: (a: T, b: T) => number): SlicedWork<T[]> {
	let runs: T[][] = [];
	for (let at = 0; at < items.length; at += SLICE_LENGTH) {
		runs.push(items.slice(at, at + SLICE_LENGTH).sort(compare));
		yield;
	}
	while (runs.length > 1) {
		const longer: T[][] = [];
		for (let at = 0; at < runs.length; at += 2)
			longer.push(yield* merge(runs[at], runs[at + 1] ?? [], compare));
		runs = longer;
	}
	return runs[0] ?? [];
}

function* merge<T>(left: T[], right: T[], compare: (a: T, b: T) => number): SlicedWork<T[]> {
	const merged: T[] = [];
	let [fromLeft, fromRight] = [0, 0];
	while (fromLeft < left.length && fromRight < right.length) {
		const isLeft = compare(left[fromLeft], right[fromRight]) <= 0;
		merged.push(isLeft ? left[fromLeft++] : right[fromRight++]);
		if (merged.length % SLICE_LENGTH === 0) yield;
	}
	return merged.concat(left.slice(fromLeft), right.slice(fromRight));
}
