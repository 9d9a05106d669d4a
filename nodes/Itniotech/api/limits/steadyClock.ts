import type { Timing } from '../timing';

/** Less may be a correction of the clock that runs all the time. */
const MIN_SET_BACK_MS = 1000;

/** A wait that ends later than this by the clock was no wait: the clock was set forward, or the server was suspended. */
const MIN_SET_FORWARD_MS = 30 * 60_000;

/** Milliseconds that pass as they really do where a wait shows it: they never go back, though the clock of the server may. */
export class SteadyClock {
	private offsetMs = 0;
	private latestMs = -Infinity;

	/** @param onSet called where the clock was set, and nobody knows how much time has passed */
	constructor(
		private readonly clock: Pick<Timing, 'now' | 'sleep'>,
		private readonly onSet: () => void,
	) {}

	now(): number {
		if (this.goOnFrom(this.latestMs) >= MIN_SET_BACK_MS) this.onSet();
		return this.latestMs;
	}

	async sleep(ms: number): Promise<void> {
		const endMs = this.now() + ms;
		await this.clock.sleep(ms, []);
		this.goOnFrom(Math.max(endMs, this.latestMs));
		if (this.latestMs - endMs >= MIN_SET_FORWARD_MS) this.onSet();
	}

	/** @returns by how much the clock shows an earlier time */
	private goOnFrom(leastMs: number): number {
		const ms = this.clock.now() + this.offsetMs;
		const missingMs = Math.max(0, leastMs - ms);
		this.offsetMs += missingMs;
		this.latestMs = ms + missingMs;
		return missingMs;
	}
}
