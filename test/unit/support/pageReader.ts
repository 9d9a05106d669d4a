import { RequestPool } from '../../../nodes/Itniotech/api/limits/requestPool';
import { HOUR_MS } from '../../support/times';
import type { SimulatedService } from './simulatedServices';
import type { SimulatedTime } from './simulatedTime';

const MAX_PAGES_AHEAD = 20;

/** The requests of one n8n process. */
export class PageReader {
	readonly pool: RequestPool;
	/** How long nothing but rejections came. */
	longestSilenceMs = 0;

	constructor(
		private readonly service: SimulatedService,
		private readonly time: SimulatedTime,
		private readonly retryAfterMs?: (nowMs: number) => number,
	) {
		// Begins with a full hour.
		const startMs = 500_000 * HOUR_MS;
		this.pool = new RequestPool({ now: () => startMs + time.ms, random: time.random, sleep: time.sleep });
	}

	/** As a scan does: the first page, then the others. */
	async read(pages: number): Promise<void> {
		let next = 1;
		await this.readPage();
		const readOn = async () => {
			while (next++ < pages) await this.readPage();
		};
		await Promise.all(Array.from({ length: MAX_PAGES_AHEAD }, readOn));
	}

	private async readPage(): Promise<void> {
		let isAnswered = false;
		for (let tries = 0; !isAnswered; tries++) {
			isAnswered = await this.pool.run({
				send: async () => await this.service.answer(),
				classify: (isAccepted) =>
					isAccepted
						? { kind: 'answered' }
						: { kind: 'rejected', retryAfterMs: this.retryAfterMs?.(this.time.ms) },
				signals: [],
				tries,
			});
			this.longestSilenceMs = Math.max(this.longestSilenceMs, this.pool.throttle.silentMs);
		}
	}
}
