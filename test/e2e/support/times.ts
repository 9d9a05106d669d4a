import { DateTime } from 'luxon';

/** n8n's zone where neither a workflow nor the environment sets one. */
const N8N_ZONE = 'America/New_York';

/** A time of the API as a node in a workflow without a timezone outputs it. */
export function localTime(wireTime: unknown): string | null {
	return DateTime.fromISO(String(wireTime), { zone: N8N_ZONE }).toISO({ suppressMilliseconds: true });
}

/** The same local time seven days before, in that zone. */
export function weekEarlierMs(ms: number): number {
	return DateTime.fromMillis(ms, { zone: N8N_ZONE }).minus({ weeks: 1 }).toMillis();
}
