/** A clock may be set at any time, so an idle process forgets what it learnt. */
const MEMORY_MS = 10 * 60_000;
/** A `Date` header is exact to the second and an answer takes time, so less says nothing about a clock. */
const MIN_DIFFERENCE_MS = 60_000;

interface Learnt {
	/** The service's clock minus this server's, never more than it really is. */
	differenceMs: number;
	learntAtMs: number;
	isOwnTimeRefused: boolean;
}

const learntByCredential = new Map<string, Learnt>();

/** The clock of the service, learnt from its answers and remembered in this process for each credential. */
export class ServiceClock {
	constructor(
		private readonly credentialId: string,
		private readonly serverNow: () => number,
	) {}

	/** Unix time in milliseconds: the clock of this server until an answer of the service showed another time. */
	now(): number {
		return this.serverNow() + (this.differenceMs() ?? 0);
	}

	/** The service's clock minus this server's, 0 for less than a minute; `undefined` until an answer came. */
	differenceMs(): number | undefined {
		const differenceMs = this.learnt()?.differenceMs;
		if (differenceMs === undefined) return undefined;
		return Math.abs(differenceMs) < MIN_DIFFERENCE_MS ? 0 : differenceMs;
	}

	/** The timestamp to sign with, in Unix seconds; `undefined` while the service accepts the time of this server. */
	timestampS(): number | undefined {
		const learnt = this.learnt();
		if (!learnt?.isOwnTimeRefused) return undefined;
		return Math.floor((this.serverNow() + learnt.differenceMs) / 1000);
	}

	/** @param dateMs the `Date` header of an answer that arrived just now, to a request sent at `sentAtMs` */
	learn(dateMs: number, sentAtMs: number): void {
		const nowMs = this.serverNow();
		const [leastMs, mostMs] = [dateMs - nowMs, dateMs + 1000 - sentAtMs];
		const known = this.learnt();
		const isConsistent = known && known.differenceMs >= leastMs && known.differenceMs <= mostMs;
		learntByCredential.set(this.credentialId, {
			differenceMs: isConsistent ? known.differenceMs : leastMs,
			learntAtMs: nowMs,
			isOwnTimeRefused: known?.isOwnTimeRefused ?? false,
		});
	}

	/** From now on, requests are signed with the time of the service. */
	refuseOwnTime(): void {
		const learnt = this.learnt();
		if (learnt) learnt.isOwnTimeRefused = true;
	}

	private learnt(): Learnt | undefined {
		const learnt = learntByCredential.get(this.credentialId);
		const ageMs = learnt && this.serverNow() - learnt.learntAtMs;
		return ageMs !== undefined && ageMs >= 0 && ageMs <= MEMORY_MS ? learnt : undefined;
	}
}
