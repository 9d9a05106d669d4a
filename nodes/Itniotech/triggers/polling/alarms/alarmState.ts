import { z } from 'zod';
import { generationSchema, unixS } from '../checkpoint';

/** What a value means: the alarm holds, or it is over. */
export type Verdict = 'raised' | 'cleared';

export interface Limits {
	condition: 'above' | 'below';
	threshold: number;
	/** An alarm is over at this value, which may be some distance before the threshold. */
	clearAt: number;
}

/** What an alarm is about, without its limits. */
export interface AlarmIdentity {
	/** Of what the alarm is: with another one, it starts over. */
	subject: string;
	/** Which calls count. */
	filtersHash: string;
}

/** What the trigger stores between polls: what was output last, never what may be output next. */
const alarmStateSchema = z.object({
	version: z.literal(1),
	...generationSchema.shape,
	base: generationSchema.optional(),
	alarm: z.enum(['raised', 'cleared']),
	/** When that was noticed. */
	sinceS: unixS,
	subject: z.string(),
	filtersHash: z.string(),
});

export type AlarmState = z.infer<typeof alarmStateSchema>;

/** @param nowS Unix time in seconds */
export function startAlarm({ subject, filtersHash }: AlarmIdentity, nowS: number): AlarmState {
	return { version: 1, lineage: '', number: 0, alarm: 'cleared', sinceS: nowS, subject, filtersHash };
}

/** A copy of a stored state, or `undefined` when this version cannot continue from it. */
export function readAlarmState(value: unknown): AlarmState | undefined {
	return alarmStateSchema.safeParse(value).data;
}

/** Whether a state that this process made is one of an alarm. */
export function isAlarmState(state: object): state is AlarmState {
	return 'alarm' in state;
}

/** @returns `undefined` where the value is not known, or between the threshold and the value that ends an alarm */
export function verdictOn(
	{ condition, threshold, clearAt }: Limits,
	value: number | null,
): Verdict | undefined {
	if (value === null) return undefined;
	const [isBeyond, isBack] =
		condition === 'above' ? [value > threshold, value <= clearAt] : [value < threshold, value >= clearAt];
	if (isBeyond) return 'raised';
	return isBack ? 'cleared' : undefined;
}

/** The state after a verdict: the same object unless the verdict is news. */
export function nextAlarm(
	state: AlarmState,
	verdict: Verdict | undefined,
	{ subject, filtersHash, nowS }: AlarmIdentity & { nowS: number },
): AlarmState {
	const isRaised = state.alarm === 'raised' && state.subject === subject;
	// Of other calls, an alarm that holds has not been output yet.
	const isNews =
		verdict === 'raised' ? !isRaised || state.filtersHash !== filtersHash : verdict === 'cleared' && isRaised;
	return isNews ? { ...state, alarm: verdict!, sinceS: nowS, subject, filtersHash } : state;
}
