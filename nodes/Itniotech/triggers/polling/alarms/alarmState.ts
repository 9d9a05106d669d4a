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
	/** All numbers of the rule: with others, a value may have been beyond the threshold for longer than it was looked for. */
	numbers: string;
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
	numbers: z.string(),
});

export type AlarmState = z.infer<typeof alarmStateSchema>;

/** @param nowS Unix time in seconds */
export function startAlarm({ subject, filtersHash, numbers }: AlarmIdentity, nowS: number): AlarmState {
	const noGeneration = { lineage: '', number: 0 };
	return { version: 1, ...noGeneration, alarm: 'cleared', sinceS: nowS, subject, filtersHash, numbers };
}

/** An alarm of which nothing was output, in the place of another one. */
export function startOver(
	{ lineage, number, base }: AlarmState,
	identity: AlarmIdentity,
	nowS: number,
): AlarmState {
	return { ...startAlarm(identity, nowS), lineage, number, base };
}

/** The state as it counts for a rule that may have been edited since. */
export function underRule(state: AlarmState, identity: AlarmIdentity, nowS: number): AlarmState {
	const { subject, filtersHash, numbers } = identity;
	if (state.subject !== subject) return startOver(state, identity, nowS);
	// An alarm that was raised for other calls keeps their filters until it is raised for these, or cleared.
	return { ...state, numbers, filtersHash: state.alarm === 'raised' ? state.filtersHash : filtersHash };
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

/**
 * The state after a verdict: the same object unless the verdict is news.
 * @param state of the present rule
 */
export function nextAlarm(
	state: AlarmState,
	verdict: Verdict | undefined,
	{ filtersHash, nowS }: Pick<AlarmIdentity, 'filtersHash'> & { nowS: number },
): AlarmState {
	if (verdict === undefined) return state;
	// For other calls, an alarm that holds has not been output yet.
	const isNews = state.alarm !== verdict || (verdict === 'raised' && state.filtersHash !== filtersHash);
	return isNews ? { ...state, alarm: verdict, sinceS: nowS, filtersHash } : state;
}
