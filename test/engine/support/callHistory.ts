import fc from 'fast-check';

import { listDataset, type Dataset, type WireRecord } from '../../simulator/dataset';
import { wireTime } from '../../simulator/records';
import { DAY_S, NOW_S } from '../../support/times';

/** An open call is looked for at its times, and so long after a submit time that is its only one. */
const CALLED_WITHIN_S = 300;
const MAX_OPEN_S = 7 * DAY_S;

/** One call as it goes. All times in seconds; `submitS` counts from the epoch, the others from the one before. */
export interface CallPlan {
	submitS: number;
	/** From the submission to the call. */
	calledAfterS: number;
	/** The vendor's sample shows a time of the call that is later than its end. */
	isCalledAfterEnd: boolean;
	/** From the submission to the end. */
	endedAfterS: number;
	/** From the end (or, while it goes on, from the submission) until the list shows it. */
	listedAfterS: number;
	/** Listed before it has ended: not at all, with the time of the submission only, with all times. */
	ongoing: 'hidden' | 'submitTimeOnly' | 'allTimes';
	/** How it ended, as the list shows it first. */
	code: '200' | '0' | '486' | '404' | 'none';
	/** What becomes of that after a while. */
	correction: { afterS: number; code?: '503' } | null;
	/** A call with a code may have none. */
	hasHangupTime: boolean;
	key: '1' | '-1';
}

/** What the list shows of a call from some time on. Unix time in seconds. */
interface Version {
	fromS: number;
	record: WireRecord;
}

export class Call {
	readonly versions: Version[] = [];

	readonly submitS: number;

	readonly calledS: number;

	readonly endS: number;

	constructor(
		readonly plan: CallPlan,
		index: number,
	) {
		const { calledAfterS, isCalledAfterEnd, endedAfterS, listedAfterS, ongoing, code, correction } = plan;
		this.submitS = NOW_S + plan.submitS;
		this.endS = this.submitS + endedAfterS;
		this.calledS = isCalledAfterEnd
			? this.endS + calledAfterS
			: Math.min(this.submitS + calledAfterS, this.endS);
		const submitted: WireRecord = {
			voiceId: `1${String(index).padStart(18, '0')}`,
			callee: `99993${String(index).padStart(7, '0')}`,
			code: index % 2 === 0 ? 'Afghanistan(Kandahar)' : 'México(Telcel)',
			submitTime: wireTime(this.submitS * 1000),
		};
		const called = { ...submitted, callTime: wireTime(this.calledS * 1000) };
		const ended = {
			...called,
			hangupTime: hasHangupTime(plan) ? wireTime(this.endS * 1000) : undefined,
			terminationCode: code === 'none' ? undefined : code,
			terminationReason: 'first',
			feedbackValue: plan.key,
		};
		const endListedS = Math.max(this.endS, this.calledS) + listedAfterS;
		if (ongoing !== 'hidden') this.show(this.submitS + listedAfterS, submitted, endListedS);
		if (ongoing === 'allTimes') this.show(this.calledS, called, endListedS);
		this.show(endListedS, ended);
		if (correction) {
			const changes = {
				terminationCode: correction.code ?? ended.terminationCode,
				terminationReason: 'corrected',
			};
			this.show(endListedS + correction.afterS, { ...ended, ...changes });
		}
	}

	get voiceId(): string {
		return this.versions[0].record.voiceId;
	}

	at(seconds: number): WireRecord | undefined {
		return this.versions.findLast(({ fromS }) => fromS <= seconds)?.record;
	}

	private show(fromS: number, record: WireRecord, beforeS = Infinity): void {
		if (fromS < beforeS) this.versions.push({ fromS, record });
	}
}

/** The calls as a list of the simulator, which shows at each moment what the service would show then. */
export function historyDataset(calls: Call[], nowS: () => number): Dataset {
	let last: { nowS: number; dataset: Dataset } | undefined;
	const listed = () => {
		const now = nowS();
		if (last?.nowS !== now) {
			const records = calls.map((call) => call.at(now)).filter((record) => record !== undefined);
			last = { nowS: now, dataset: listDataset(records) };
		}
		return last.dataset;
	};
	return {
		count: (query) => listed().count(query),
		slice: (query, offset, limit) => listed().slice(query, offset, limit),
		get: (voiceId) => listed().get(voiceId),
		add: () => {},
	};
}

export type EventName = 'callFailed' | 'callAnswered' | 'callEnded' | 'keyPressed';

/** Without a code, it is the time of its end that shows that a call has ended. */
const hasHangupTime = (plan: CallPlan) => plan.hasHangupTime || plan.code === 'none';
const isEnded = ({ record }: Version) => (record.terminationCode ?? record.hangupTime) !== undefined;
const isAnswered = ({ terminationCode }: WireRecord) => ['200', '0'].includes(terminationCode ?? '');
const EVENTS: Record<EventName, (record: WireRecord) => boolean> = {
	callFailed: (record) => !isAnswered(record),
	callAnswered: isAnswered,
	callEnded: () => true,
	keyPressed: ({ feedbackValue }) => feedbackValue === '1',
};

/** What is known of a run, to judge its calls by. Unix times in seconds. */
export interface Circumstances {
	event: EventName;
	field: 'submitTime' | 'callTime';
	/** Earliest end of a call that is the trigger's. */
	startS: number;
	lookbackS: number;
	/** Whether the first poll had read everything by its end. */
	isFirstPollWhole: boolean;
	/** How far the trigger's present may be from the service's. */
	clockErrorS: number;
	/** Whether the event or the filters were edited, to the same effect: what had ended without the event is not news then. */
	isEdited: boolean;
}

/**
 * Whether a call must be output, must not be, or may be where the list does not tell enough: it showed up too late,
 * it has no time of its end, or it had the event for a while only.
 */
export function verdict(call: Call, circumstances: Circumstances): 'must' | 'may' | 'never' {
	const { event, startS, isFirstPollWhole, clockErrorS, isEdited } = circumstances;
	const ended = call.versions.filter(isEnded);
	const matching = ended.filter(({ record }) => EVENTS[event](record));
	if (matching.length === 0) return 'never';
	if (Math.abs(call.endS - startS) <= clockErrorS && clockErrorS > 0) return 'may';
	if (isEdited && matching[0] !== ended[0]) return 'may';
	if (call.endS < startS) {
		if (hasHangupTime(call.plan)) return 'never';
		const isListedAtStart = ended[0].fromS <= startS && Math.max(call.submitS, call.calledS) < startS;
		return isListedAtStart && clockErrorS === 0 ? 'never' : 'may';
	}
	const lastMatches = matching.at(-1) === ended.at(-1);
	if (!lastMatches || !isNoticed(call, matching[0], circumstances)) return 'may';
	if (clockErrorS > 0 && !hasHangupTime(call.plan)) return 'may';
	const isSurelyLater =
		hasHangupTime(call.plan) ||
		Math.max(call.submitS, call.calledS) >= startS ||
		(isFirstPollWhole && ended[0].fromS > startS);
	return isSurelyLater ? 'must' : 'may';
}

/** Whether a version shows up in time: within the look-back, or as the end of a call that was listed in time. */
function isNoticed(call: Call, version: Version, { field, startS, lookbackS }: Circumstances): boolean {
	const listedS = ({ record }: Version) =>
		Date.parse((field === 'callTime' && record.callTime) || record.submitTime || '') / 1000;
	if (version.fromS - listedS(version) <= lookbackS) return true;
	const [first] = call.versions;
	const isFirstEnd = call.versions.findIndex(isEnded) === call.versions.indexOf(version); // prettier-ignore
	return (
		isFirstEnd &&
		first !== version &&
		first.fromS - listedS(first) <= lookbackS &&
		// What was listed before the activation is seen by the first poll, or never.
		listedS(first) >= startS - lookbackS &&
		listedS(version) - listedS(first) <= CALLED_WITHIN_S &&
		version.fromS - listedS(first) < MAX_OPEN_S
	);
}

/** Short and long, on the borders of the look-backs and beyond them. */
const delayS = fc.oneof(
	{ weight: 3, arbitrary: fc.integer({ min: 0, max: 5 }) },
	{ weight: 3, arbitrary: fc.integer({ min: 0, max: 300 }) },
	{ weight: 2, arbitrary: fc.constantFrom(59, 60, 61, 599, 600, 601, 3599, 3600, 3601) },
);

export const callPlan: fc.Arbitrary<CallPlan> = fc.record({
	submitS: fc.oneof(
		fc.constantFrom(-1, 0, 1, 60, 600),
		fc.integer({ min: -1200, max: 7200 }),
		fc.integer({ min: -7200, max: 2 * DAY_S }),
	),
	calledAfterS: fc.integer({ min: 0, max: 200 }),
	isCalledAfterEnd: fc.boolean(),
	endedAfterS: fc.oneof(
		{ weight: 4, arbitrary: fc.integer({ min: 0, max: 200 }) },
		{ weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * DAY_S }) },
	),
	listedAfterS: delayS,
	ongoing: fc.constantFrom('hidden', 'submitTimeOnly', 'allTimes'),
	code: fc.constantFrom('486', '200', '0', '404', 'none'),
	correction: fc.option(
		fc.record({ afterS: delayS, code: fc.constantFrom<Array<'503' | undefined>>('503', undefined) }),
	),
	hasHangupTime: fc.boolean(),
	key: fc.constantFrom('1', '-1'),
});
