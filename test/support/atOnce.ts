/** Does sliced work without letting others have a turn. */
export function atOnce<T>(work: Generator<void, T>): T {
	let step = work.next();
	while (!step.done) step = work.next();
	return step.value;
}
