/* eslint-disable @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */

/** Time that jumps to the next moment at which something happens, for work that runs side by side. */
export class SimulatedTime {
	ms = 0;

	private readonly sleepers: Array<{ atMs: number; wake(): void }> = [];

	now = () => this.ms;

	random = () => 0.5;

	sleep = async (ms: number, signals: AbortSignal[] = []) =>
		await new Promise<void>((wake, stop) => {
			for (const signal of signals) signal.addEventListener('abort', () => stop(signal.reason as Error));
			this.sleepers.push({ atMs: this.ms + ms, wake });
		});

	/** @throws Error when the work waits for something that never happens */
	async run<T>(work: Promise<T>): Promise<T> {
		let isDone = false;
		const end = () => (isDone = true);
		work.then(end, end);
		for (;;) {
			await new Promise(setImmediate);
			if (isDone) return await work;
			const next = this.sleepers.reduce((a, b) => (b.atMs < a.atMs ? b : a), { atMs: Infinity, wake: end });
			if (next.atMs === Infinity) throw new Error('Waits forever');
			this.sleepers.splice(this.sleepers.indexOf(next), 1);
			this.ms = next.atMs;
			next.wake();
		}
	}
}
