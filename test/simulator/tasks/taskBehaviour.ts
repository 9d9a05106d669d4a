import type { EnvelopeShape } from '../behaviour';

/** One switch for every "?" of API.md about group-call tasks. The defaults are the most likely reading. */
export interface TaskBehaviour {
	taskEnvelope: EnvelopeShape;
	/** `"code": 0` instead of `"code": "0"`. */
	taskStatusAsNumber: boolean;
	/** How IDs of tasks look in lists, details and lists of answers. */
	taskIds: 'number' | 'text';
	/** The name of the ID in lists and details. */
	taskIdField: 'jobId' | 'taskId';
	/** The ID of the first task; each one after it is one higher. May be larger than a JS number can hold. */
	firstTaskId: string;
	/** How counts, seconds and the status of a task look. */
	taskCountsAs: 'number' | 'text';
	/** How the progress and the share of answered calls look: `100` or `100%`. */
	taskRatesAs: 'plain' | 'percent';
	/** What `data` is when a task was created: its ID, nothing, or an object with the ID under this name. */
	taskSendData: 'number' | 'text' | 'null' | 'jobId' | 'taskId' | 'keyId';
	/** Whether a second task of one name gets -20. */
	taskNamesUnique: boolean;
	/** Whether two names that differ in case alone are one. */
	taskNamesIgnoreCase: boolean;
	/** Which of the two lists of numbers is read; a request without it gets -35. */
	taskNumbers: 'both' | 'numberInfoList' | 'numberList';
	/** Hours that all times of tasks without an offset are ahead of UTC. */
	taskZoneHours: number;
	/** Whether calling hours whose end is before their start go over midnight; else nobody is called in them. */
	taskHoursWrap: boolean;

	/** Names of tasks whose submission fails (status 3), as a pattern. */
	failingTasks?: RegExp;
	/** How long a new task has the status 6 (submitting), and then at least 0 (waiting). */
	taskSubmitMs: number;
	/** From the start of one call of a task to that of the next. */
	taskCallEveryMs: number;

	/** Whether the calls of tasks are in the list of records. */
	listsTaskCalls: boolean;
	/** Tasks younger than this are not listed yet, and their name is not found. */
	taskListingDelayMs: number;
	/** Which time the range of the list of tasks filters. */
	taskRangeFilter: 'createdTime' | 'sendTime';
	/** A longer range of the list of tasks gets -22. */
	taskMaxRangeDays?: number;
	/** Whether `statusList` filters the list of tasks. */
	readsStatusList: boolean;
	/** What the detail of an unknown task is. */
	unknownTask: '-24' | 'null';
	/** What a cancellation gets that names a task which has ended. */
	cancelEndedTask: '-54' | '0';
}

export const DEFAULT_TASK_BEHAVIOUR: Readonly<TaskBehaviour> = {
	taskEnvelope: 'code/msg',
	taskStatusAsNumber: true,
	taskIds: 'number',
	taskIdField: 'jobId',
	firstTaskId: '5000602',
	taskCountsAs: 'number',
	taskRatesAs: 'plain',
	taskSendData: 'number',
	taskNamesUnique: true,
	taskNamesIgnoreCase: false,
	taskNumbers: 'both',
	taskZoneHours: 8,
	taskHoursWrap: true,
	taskSubmitMs: 1000,
	taskCallEveryMs: 1000,
	listsTaskCalls: true,
	taskListingDelayMs: 0,
	taskRangeFilter: 'createdTime',
	readsStatusList: true,
	unknownTask: '-24',
	cancelEndedTask: '-54',
};
