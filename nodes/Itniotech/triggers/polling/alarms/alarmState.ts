import { z } from 'zod';
import { generationSchema, unixS } from '../checkpoint';
import { LAPSED, type Alarm } from './transition';

/** What an alarm is about, without its limits. */
export interface AlarmIdentity {
	/** With another subject, e.g. another metric or account, an alarm starts over. */
	subject: string;
	/** Which calls count. */
	filtersHash: string;
	/** All numbers of the rule: with others, a value may have been beyond the threshold before it was looked for. */
	numbers: string;
}

/**
 * Digits of how many seconds before `polledS` an alarm was raised, known and notified: enough for 69 years, 19 days and 700
 * days. What is longer ago than the longest window, a day, or reminder, 31 days, need not be told apart.
 */
const TIME_DIGITS = [6, 4, 5];
const RADIX = 36;
const PACKED_ALARM = /^([\da-z]{6})([\da-z]{4})([\da-z]{5})(.*)$/s;

/** Times and group, as one text that never grows, as there may be 1,000. */
const packedAlarm = z.string().regex(PACKED_ALARM);
const packedAlarmAbout = z.tuple([packedAlarm, z.string()]);

/** What the trigger stores between polls: what was output last, never what may be output next. */
const alarmStateSchema = z.object({
	version: z.literal(3),
	...generationSchema.shape,
	base: generationSchema.optional(),
	subject: z.string(),
	filtersHash: z.string(),
	numbers: z.string(),
	/** The last poll that saw values, 0 for none. */
	polledS: unixS,
	/** Those that were raised and not cleared. */
	alarms: z.array(z.union([packedAlarm, packedAlarmAbout])),
});

export type AlarmState = z.infer<typeof alarmStateSchema>;

/** What has room in 64 KB of state, where n8n may use MySQL. Fewer where names take three bytes a character. */
const MAX_ALARMS = 1000;
const MAX_STATE_BYTES = 64_000;

/** By group; without groups, the one alarm is that of the group `''`. */
export type Alarms = Map<string, Alarm>;

export function startAlarms({ subject, filtersHash, numbers }: AlarmIdentity): AlarmState {
	return { version: 3, lineage: '', number: 0, subject, filtersHash, numbers, polledS: 0, alarms: [] };
}

/** Alarms of which nothing was output, in the place of others. */
export function startOver({ lineage, number, base }: AlarmState, identity: AlarmIdentity): AlarmState {
	return { ...startAlarms(identity), lineage, number, base };
}

/** The state as it counts for a rule that may have been edited since. */
export function underRule(state: AlarmState, identity: AlarmIdentity): AlarmState {
	const { subject, filtersHash, numbers } = identity;
	if (state.subject !== subject) return startOver(state, identity);
	if (state.filtersHash === filtersHash) return { ...state, numbers };
	const alarms = [...unpackAlarms(state)].map(([group, alarm]): [string, Alarm] => {
		const about = alarm.about ?? state.filtersHash;
		return [group, { ...alarm, about: about === filtersHash ? undefined : about }];
	});
	return { ...state, numbers, filtersHash, alarms: packAlarms(new Map(alarms), state.polledS) };
}

/**
 * After a restart, where n8n saves nothing of an alarm that ended in silence: what was known last is older than that, so
 * the alarm may have ended since.
 */
export function withoutOldAlarms(state: AlarmState, knownBeforeS: number): AlarmState {
	const alarms = unpackAlarms(state);
	for (const [group, alarm] of alarms) {
		if (alarm.knownS < knownBeforeS) alarms.set(group, { ...alarm, about: LAPSED });
	}
	return { ...state, alarms: packAlarms(alarms, state.polledS) };
}

/** A state as of a time that had not come yet: the clock was ahead, so each time is as long ago as it was then. */
export function withoutFutureAlarms(state: AlarmState, nowS: number): AlarmState {
	return { ...state, polledS: Math.min(state.polledS, nowS) };
}

/** Whether a state was made by a rule that looked for the same. */
export function isOfRule(state: AlarmState, { subject, filtersHash, numbers }: AlarmIdentity): boolean {
	return state.subject === subject && state.filtersHash === filtersHash && state.numbers === numbers;
}

/** A copy of a stored state, or `undefined` when this version cannot continue from it. */
export function readAlarmState(value: unknown): AlarmState | undefined {
	return alarmStateSchema.safeParse(value).data;
}

/** Whether a state that this process made is one of an alarm. */
export function isAlarmState(state: object): state is AlarmState {
	return 'alarms' in state;
}

export function unpackAlarms({ alarms, polledS }: AlarmState): Alarms {
	return new Map(
		alarms.map((one) => {
			const [packed, about] = typeof one === 'string' ? [one] : one;
			const [, ...parts] = PACKED_ALARM.exec(packed)!;
			const group = parts.pop()!;
			const [raisedS, knownS, notifiedS] = parts.map((digits) => polledS - parseInt(digits, RADIX));
			return [group, { raisedS, knownS, notifiedS, about }];
		}),
	);
}

/** Those that are stored: active ones first, then those of which something was known last. */
export function alarmsWithRoom(alarms: Alarms, nowS: number): Alarms {
	const isInactive = ({ about }: Alarm) => Number(about !== undefined);
	const byWorth = [...alarms].sort(
		([, a], [, b]) => isInactive(a) - isInactive(b) || isInactive(a) * (b.knownS - a.knownS),
	);
	let bytes = 0;
	const stored = byWorth.slice(0, MAX_ALARMS).filter(([group, alarm]) => {
		const [packed] = packAlarms(new Map([[group, alarm]]), nowS);
		bytes += Buffer.byteLength(`${JSON.stringify(packed)},`);
		return bytes <= MAX_STATE_BYTES;
	});
	return new Map(stored);
}

export function packAlarms(alarms: Alarms, polledS: number): AlarmState['alarms'] {
	return [...alarms].map(([group, { raisedS, knownS, notifiedS, about }]) => {
		const times = packTimes([raisedS, knownS, notifiedS].map((timeS) => polledS - timeS));
		return about === undefined ? times + group : [times + group, about];
	});
}

function packTimes(secondsAgo: number[]): string {
	const digitsOf = (seconds: number, digits: number) =>
		Math.min(Math.max(0, seconds), RADIX ** digits - 1)
			.toString(RADIX)
			.padStart(digits, '0');
	return secondsAgo.map((seconds, index) => digitsOf(seconds, TIME_DIGITS[index])).join('');
}
