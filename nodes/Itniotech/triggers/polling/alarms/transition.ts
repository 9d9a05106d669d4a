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
const MAX_EARLY_S = 30;

/** What a poll makes of one alarm. */
export function nextAlarm(
	alarm: Alarm | undefined,
	{ verdict, isKnown, hasTooFewCalls }: Observed,
	{ nowS, polledS, windowS, remindEveryS }: Moment,
): { alarm?: Alarm; news?: News } {
	const isActive = alarm !== undefined && alarm.about === undefined;
	if (verdict === 'raised' && !isActive) {
		return { alarm: { raisedS: nowS, knownS: nowS, notifiedS: nowS }, news: 'raised' };
	}
	if (!alarm) return {};
	if (verdict === 'cleared') return { news: 'cleared' };
	if (hasTooFewCalls) {
		const isSilent = nowS - alarm.knownS >= windowS;
		// Where polls are rarer than the window, nobody has looked for a whole window.
		const isWatched = nowS - polledS <= windowS;
		return { alarm: isSilent && isWatched ? { ...alarm, about: LAPSED } : alarm };
	}
	const next = { ...alarm, knownS: nowS };
	const isDue = remindEveryS > 0 && nowS - alarm.notifiedS >= remindEveryS - MAX_EARLY_S;
	if (!isActive || !isKnown || !isDue) return { alarm: next };
	return { alarm: { ...next, notifiedS: nowS }, news: 'reminder' };
}
