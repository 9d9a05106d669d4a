import { DEFAULT_TASK_BEHAVIOUR, type TaskBehaviour } from './tasks/taskBehaviour';
import type { RequestQuota } from './quota';

/** In which order the service lists rows. `none` is a shuffle that stays the same between requests. */
export type RowOrder = 'newestFirst' | 'oldestFirst' | 'none';

/** Both ends of a range, neither, or one of them. */
export type EndsInclusive = boolean | 'start' | 'end';

/** Names of the two members that open every answer. Sibling brands use the second pair. */
export type EnvelopeShape = 'status/reason' | 'code/msg';

/** One switch for every "?" of API.md. The defaults are the most likely reading. */
export interface Behaviour extends TaskBehaviour {
	/** Wait before every answer. */
	latencyMs: number;
	envelope: EnvelopeShape;
	/** `"status": 0` instead of `"status": "0"`. */
	statusAsNumber: boolean;
	/** HTTP status of an answer whose envelope status is not 0. */
	failureHttpStatus: number;

	/** How old a timestamp may be before it gets -16. */
	timestampWindowMs: number;
	/** Whether a timestamp that is ahead by more than the window gets -16 too. */
	refusesFutureTimestamps: boolean;
	/** The service clock is ahead (+) of or behind (-) the simulator's `now()`. */
	clockSkewMs: number;
	/** More simultaneous requests than this get -15. */
	maxInFlight: number;
	/** More requests than this within a time are rejected. */
	quota?: RequestQuota;

	order: RowOrder;
	/** Which time `strTime` and `endTime` are compared with. */
	rangeFilter: 'submitTime' | 'callTime';
	/** Whether a row at exactly `strTime` or exactly `endTime` belongs to the range. */
	endsInclusive: EndsInclusive;
	/** Whether `strTime` and `endTime` may have another offset than +08:00 (else -22). */
	acceptsOtherOffsets: boolean;
	/** What a range of more than 31 days, or one that starts more than two months ago, gets. */
	outOfRange: '-22' | '-25' | 'empty';
	/** What a page past the last one gets: no rows, -22, or the rows of the last page again. */
	pastTheEnd: 'empty' | 'error' | 'lastPage';
	/** A larger `size` is silently read as this one. */
	maxSize: number;
	/** Whether `data.size` shows the size that was used (true) or the one that was asked for. */
	reportsClampedSize: boolean;
	/** False: `total` and `pages` are 0 although rows exist. */
	searchCount: boolean;
	/** `total` is this many rows too high (+) or too low (-), and `pages` goes by it. */
	totalOff: number;
	/** Unix milliseconds: `totalOff` applies only to ranges that hold this moment. */
	totalOffAtMs?: number;
	/** `total` is always this, e.g. -1 for "not counted". `pages` is 1 for less than a page. */
	fixedTotal?: number | string;
	/** What `records` is on a page without rows. */
	emptyRecords: 'list' | 'null';
	/** A page that begins behind this many rows gets -22. */
	deepestRow: number;
	/** IDs of calls that are listed, and counted, twice. */
	listedTwice: string[];
	/** IDs of calls whose rows have no `voiceId`. */
	withoutId: string[];

	/** Balance of the account: a text, as the service sends amounts; `null` as it might. */
	balance: string | null;

	/** How a field without a value looks. */
	emptyFields: 'null' | 'emptyText' | 'absent';
	/**
	 * `text`: the Int fields come as text. `number`: decimals, terminationCode and voiceId come as bare JSON
	 * numbers; all 19 digits of a voiceId are in the answer, which `JSON.parse` cannot hold.
	 */
	numbersAs: 'documented' | 'text' | 'number';
	/** Whether rows have the fields of the newest pages, such as `callStatus`, and how their codes and IDs look. */
	newestFields: 'none' | 'text' | 'number';
	/** Whether calls without a terminationCode are listed. */
	listsOngoingCalls: boolean;
	/** Rows younger than this are not listed yet. 0 lists everything, also rows later than the clock. */
	listingDelayMs: number;

	/** The last two rows of a page come again on top of the next page, which has all its rows too. */
	duplicateRows: boolean;
	/**
	 * This many ended calls appear after each answered page, one second before the end of the range that was
	 * asked for: total grows, and newest first every later row moves down.
	 */
	arrivalsPerRequest: number;
	/** Rows stop arriving after this many (counted from the start or `resetStats()`). */
	arrivalsAtMost: number;
	/** After this many answered pages (from the start or `resetStats()`) the rows are shuffled, once. 0 = never. */
	reshuffleAfterRequests: number;

	/** How long a call that is placed rings, and how long one that is answered lasts. */
	ringMs: number;
	talkMs: number;
	/** How a call to a number ends; of several codes, one for each call, and the last one from then on. Default 200. */
	terminationCodes: Record<string, string | string[]>;
	/** The key that is pressed in an answered call to a number; default none. */
	pressedKeys: Record<string, string>;
	/** Numbers that are not called, with the code that `sendGroup` has for them; `sendCode` answers -26. */
	refusedNumbers: Record<string, string>;
	/** Numbers that are called, but left out of the answer of `sendGroup`. */
	omittedNumbers: string[];
	/** Whether `sendGroup` says which calls it placed. */
	sendGroupData: 'list' | 'null';
	/** The audio files of the account. */
	files: Array<{ fileId: string; fileName: string }>;
	/** Where each call that was placed and has ended is pushed to. */
	pushUrl?: string;

	/** Whether answers are compressed for clients that ask for it. */
	compresses: boolean;
	/** Whether requests are kept in `simulator.requests`. Switch off for long runs. */
	log: boolean;
}

export const DEFAULT_BEHAVIOUR: Readonly<Behaviour> = {
	...DEFAULT_TASK_BEHAVIOUR,
	latencyMs: 0,
	envelope: 'status/reason',
	statusAsNumber: false,
	failureHttpStatus: 200,
	timestampWindowMs: 5 * 60_000,
	refusesFutureTimestamps: true,
	clockSkewMs: 0,
	maxInFlight: Infinity,
	order: 'newestFirst',
	rangeFilter: 'submitTime',
	endsInclusive: true,
	acceptsOtherOffsets: true,
	outOfRange: '-25',
	pastTheEnd: 'empty',
	maxSize: 100,
	reportsClampedSize: true,
	searchCount: true,
	totalOff: 0,
	emptyRecords: 'list',
	deepestRow: Infinity,
	listedTwice: [],
	withoutId: [],
	balance: '99.990',
	emptyFields: 'null',
	numbersAs: 'documented',
	newestFields: 'none',
	listsOngoingCalls: false,
	listingDelayMs: 0,
	duplicateRows: false,
	arrivalsPerRequest: 0,
	arrivalsAtMost: Infinity,
	reshuffleAfterRequests: 0,
	ringMs: 5000,
	talkMs: 10_000,
	terminationCodes: {},
	pressedKeys: {},
	refusedNumbers: {},
	omittedNumbers: [],
	sendGroupData: 'list',
	files: [
		{ fileId: '12022022570cc2484c59d4f8b9745d34226285b1e.mp3', fileName: 'reminder.mp3' },
		{ fileId: '1202202260b1f3a77c1d94e0f8f2a3df7683ee464.mp3', fileName: 'alarm.mp3' },
	],
	compresses: false,
	log: true,
};
