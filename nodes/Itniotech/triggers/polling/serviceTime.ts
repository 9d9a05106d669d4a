import { OperationalError } from 'n8n-workflow';
import type { Api } from '../../api/endpoints';

const MIN_CHANGE_MS = 60_000;
const MAX_TRIES = 2;

/** The present of one try, by the clock of the service. */
export interface ServiceTime {
	/** Unix time in seconds. */
	nowS: number;
	/** @throws OperationalError when an answer of the service has shown since that `nowS` is wrong */
	check(): void;
}

/**
 * Runs work at the service's time. Only an answer tells it, so work runs once more if this server's clock was off.
 * @throws what the work throws
 */
export async function atServiceTime<T>(api: Api, work: (time: ServiceTime) => Promise<T>): Promise<T> {
	for (let tries = 1; ; tries++) {
		const differenceMs = api.clockDifferenceMs() ?? 0;
		const mustRepeat = () =>
			tries < MAX_TRIES && Math.abs((api.clockDifferenceMs() ?? 0) - differenceMs) >= MIN_CHANGE_MS;
		const check = () => {
			if (mustRepeat()) throw new OperationalError('The clock of this server is off');
		};
		const [result] = await Promise.allSettled([work({ nowS: Math.floor(api.now() / 1000), check })]);
		if (mustRepeat()) continue;
		if (result.status === 'rejected') throw result.reason as Error;
		return result.value;
	}
}
