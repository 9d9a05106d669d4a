import type { SimulatedTime } from './simulatedTime';

/** A service with a limit that its clients have to find. */
export class SimulatedService {
	inFlight = 0;
	maxInFlight = 0;
	answers = 0;
	rejections = 0;

	constructor(
		readonly time: SimulatedTime,
		private readonly limit: Limit,
	) {}

	/** @returns whether the request was accepted */
	async answer(): Promise<boolean> {
		this.maxInFlight = Math.max(this.maxInFlight, ++this.inFlight);
		const isAccepted = this.limit.accepts(this.time.ms, this.inFlight);
		await this.time.sleep(this.limit.latencyMs(this.inFlight));
		this.inFlight--;
		if (isAccepted) this.answers++;
		else this.rejections++;
		return isAccepted;
	}
}

export interface Limit {
	accepts(nowMs: number, inFlight: number): boolean;
	latencyMs(inFlight: number): number;
}

export const noLimit = (latencyMs: number): Limit => ({ accepts: () => true, latencyMs: () => latencyMs });

export const atOnce = (limit: number, latencyMs: number): Limit => ({
	...noLimit(latencyMs),
	accepts: (_, inFlight) => inFlight <= limit,
});

/** A number of requests in each second of the clock. */
export function perSecond(limit: number, latencyMs: number): Limit {
	let second = -1;
	let accepted = 0;
	return {
		...noLimit(latencyMs),
		accepts(nowMs) {
			const now = Math.floor(nowMs / 1000);
			if (now !== second) [second, accepted] = [now, 0];
			return accepted < limit && ++accepted > 0;
		},
	};
}

/** Both limits; what one of them rejects counts for the ones before it. */
export const allOf = (...limits: Limit[]): Limit => ({
	accepts: (nowMs, inFlight) => limits.every((limit) => limit.accepts(nowMs, inFlight)),
	latencyMs: (inFlight) => Math.max(...limits.map((limit) => limit.latencyMs(inFlight))),
});

/** A bucket that refills steadily and lets that many through at once when it is full. */
export function burst(size: number, ratePerS: number, latencyMs: number): Limit {
	let tokens = size;
	let lastMs = 0;
	return {
		...noLimit(latencyMs),
		accepts(nowMs) {
			tokens = Math.min(size, tokens + ((nowMs - lastMs) / 1000) * ratePerS);
			lastMs = nowMs;
			if (tokens < 1) return false;
			tokens--;
			return true;
		},
	};
}

/** Works on a number of requests at a time; the others queue up. */
export const queueing = (workers: number, latencyMs: number): Limit => ({
	...noLimit(latencyMs),
	latencyMs: (inFlight) => latencyMs * Math.max(1, inFlight / workers),
});

/** Rejects the requests with these numbers, from 1, whatever their rate. */
export function rejecting(numbers: number[], latencyMs: number): Limit {
	let request = 0;
	return { ...noLimit(latencyMs), accepts: () => !numbers.includes(++request) };
}

/** A number of requests in each window of the clock. The first request comes `phaseMs` after the start of one. */
export function perWindow(limit: number, windowMs: number, latencyMs: number, phaseMs = 0): Limit {
	let window = -1;
	let accepted = 0;
	return {
		...noLimit(latencyMs),
		accepts(nowMs) {
			const now = Math.floor((nowMs + phaseMs) / windowMs);
			if (now !== window) [window, accepted] = [now, 0];
			return accepted < limit && ++accepted > 0;
		},
	};
}

/** A number of requests in any time of this length. */
export function sliding(
	limit: number,
	windowMs: number,
	latencyMs: number,
	{ countsRejected = false } = {},
): Limit {
	let countedMs: number[] = [];
	return {
		...noLimit(latencyMs),
		accepts(nowMs) {
			countedMs = countedMs.filter((ms) => ms > nowMs - windowMs);
			const isAccepted = countedMs.length < limit;
			if (isAccepted || countsRejected) countedMs.push(nowMs);
			return isAccepted;
		},
	};
}
