import { RequestPool } from '../../../nodes/Itniotech/api/limits/requestPool';
import { SimulatedService, type Limit } from './simulatedServices';
import { SimulatedTime } from './simulatedTime';

/** A pool in front of a simulated service; as many requests as a test wants, side by side. */
export class Client {
	readonly service: SimulatedService;
	readonly pool: RequestPool;
	readonly sentAtMs: number[] = [];
	readonly widths: number[] = [];

	constructor(
		limit: Limit,
		readonly time = new SimulatedTime(),
	) {
		this.service = new SimulatedService(time, limit);
		this.pool = new RequestPool(time);
	}

	request = async (signals: AbortSignal[] = []) => {
		for (let tries = 0; ; tries++) {
			const isAccepted = await this.pool.run({
				send: async () => {
					this.sentAtMs.push(this.time.ms);
					return await this.service.answer();
				},
				classify: (accepted) => ({ kind: accepted ? 'answered' : 'rejected' }),
				signals,
				tries,
			});
			this.widths.push(this.pool.throttle.width);
			if (isAccepted) return;
		}
	};

	/** @returns milliseconds until all were answered */
	async requests(count: number): Promise<number> {
		const startedAt = this.time.ms;
		await this.time.run(Promise.all(Array.from({ length: count }, async () => await this.request())));
		return this.time.ms - startedAt;
	}
}

/** As many loops, each of which waits alone after a rejection, a little longer each time. */
export async function secondsAtFixedWidth(limit: Limit, width: number, count: number): Promise<number> {
	const time = new SimulatedTime();
	const service = new SimulatedService(time, limit);
	let next = 0;
	const loop = async () => {
		while (next++ < count) {
			for (let waitMs = 250; !(await service.answer()); waitMs *= 3) await time.sleep(waitMs);
		}
	};
	await time.run(Promise.all(Array.from({ length: width }, loop)));
	return time.ms / 1000;
}
