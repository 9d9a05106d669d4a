import type { AlarmVerdict } from './verdict';

/** An alarm that was raised and not cleared. Unix times in seconds. */
export interface Alarm {
	raisedS: number;
	/** The last poll that knew its value. */
	knownS: number;
	/** The last item about it: raised, or a reminder. */
	notifiedS: number;
	/**
	 * For which calls it was raised, where not for the present ones: the filters of then, or `LAPSED`. Crossing the
	 * threshold is news then, and an alarm that is back is cleared all the same.
	 */
	about?: string;
}

/** Nothing was known of the alarm for a whole window. */
export const LAPSED = 'lapsed';

export type News = 'raised' | 'reminder' | 'cleared';

export interface Observed {
	verdict: AlarmVerdict | undefined;
	/** Whether there is a value at all, and nothing of it is missing. */
	isKnown: boolean;
	hasTooFewCalls: boolean;
}

export interface Moment {
	/** Unix times in seconds: of this poll, and of the last one that saw values. */
	nowS: number;
	polledS: number;
	windowS: number;
	/** 0 for never. */
	remindEveryS: number;
}

/** Polls begin some seconds early or late. Without this, hourly polls would send an hourly reminder every second hour. */
const MAX_SHIFT_S = 30;

/** Whether polls see each call of a window: where they are rarer, nobody has looked for some of the time. */
export function isWatched({ nowS, polledS, windowS }: Omit<Moment, 'remindEveryS'>): boolean {
	return nowS - polledS <= windowS + MAX_SHIFT_S;
}

/** What a poll makes of one alarm. */
export function nextAlarm(
	alarm: Alarm | undefined,
	{ verdict, isKnown, hasTooFewCalls }: Observed,
	moment: Moment,
): { alarm?: Alarm; news?: News } {
	const { nowS, windowS, remindEveryS } = moment;
	const isActive = alarm !== undefined && alarm.about === undefined;
	if (verdict === 'raised' && !isActive) {
		return { alarm: { raisedS: nowS, knownS: nowS, notifiedS: nowS }, news: 'raised' };
	}
	if (!alarm) return {};
	if (verdict === 'cleared') return { news: 'cleared' };
	if (hasTooFewCalls) {
		const isSilent = nowS - alarm.knownS >= windowS;
		return { alarm: isSilent && isWatched(moment) ? { ...alarm, about: LAPSED } : alarm };
	}
	const next = { ...alarm, knownS: nowS };
	const isDue = remindEveryS > 0 && nowS - alarm.notifiedS >= remindEveryS - MAX_SHIFT_S;
	if (!isActive || !isKnown || !isDue) return { alarm: next };
	return { alarm: { ...next, notifiedS: nowS }, news: 'reminder' };
}
