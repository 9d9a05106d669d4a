import type { Behaviour } from '../behaviour';
import type { PlacedCall } from '../placing';
import { nextCallingTime, type Hours } from './taskTime';

/** The vendor's numbers for what becomes of a task. */
export const TASK_STATUS = {
	waiting: 0,
	calling: 1,
	done: 2,
	submitFailed: 3,
	cancelled: 4,
	suspended: 5,
	submitting: 6,
} as const;

/** What a request asks for, checked. */
export interface TaskOrder {
	taskName: string;
	appId: string;
	source: number;
	voiceFileId?: string;
	text?: string;
	lan?: string;
	displayNum?: string;
	loopCount: number;
	maxCalls: number;
	numbers: string[];
	hours: Hours[];
	/** Undefined: at once. */
	sendMs?: number;
}

type CallNumber = (callee: string, atMs: number) => PlacedCall;

/** Calls its numbers one after the other. */
export class Task {
	readonly calls: PlacedCall[] = [];
	/** The moment from which it is listed. */
	listedFromMs: number;
	/** When it ended, whatever became of it. */
	finishMs?: number;
	private endedAs?: number;
	private isSuspended = false;
	private nextCallMs: number;

	constructor(
		readonly id: string,
		readonly order: TaskOrder,
		readonly createdMs: number,
		behaviour: Behaviour,
	) {
		this.listedFromMs = createdMs + behaviour.taskListingDelayMs;
		this.nextCallMs = Math.max(order.sendMs ?? createdMs, createdMs + behaviour.taskSubmitMs);
	}

	/** Calls those whose turn has come by now. */
	advance(nowMs: number, behaviour: Behaviour, call: CallNumber): void {
		if (this.finishMs !== undefined) return;
		const { failingTasks, taskSubmitMs, taskCallEveryMs, taskZoneHours, taskHoursWrap } = behaviour;
		if (nowMs < this.createdMs + taskSubmitMs) return;
		if (failingTasks?.test(this.order.taskName))
			return this.end(TASK_STATUS.submitFailed, this.createdMs + taskSubmitMs);
		if (this.isSuspended) return;

		const zone = { zoneHours: taskZoneHours, wraps: taskHoursWrap };
		const { numbers, hours } = this.order;
		while (this.calls.length < numbers.length) {
			const atMs = nextCallingTime(this.nextCallMs, hours, zone);
			if (atMs > nowMs) return;
			this.calls.push(call(numbers[this.calls.length], atMs));
			this.nextCallMs = atMs + taskCallEveryMs;
		}
		const lastEndMs = this.calls.reduce((last, { endMs }) => Math.max(last, endMs), this.createdMs);
		if (lastEndMs <= nowMs) this.end(TASK_STATUS.done, lastEndMs);
	}

	/** Nobody else is called; calls that are under way go on. */
	cancel(nowMs: number): void {
		if (this.finishMs === undefined) this.end(TASK_STATUS.cancelled, nowMs);
	}

	/** Pauses it, or lets one that is paused go on. */
	toggleSuspended(nowMs: number): void {
		this.isSuspended = !this.isSuspended;
		if (!this.isSuspended) this.nextCallMs = Math.max(this.nextCallMs, nowMs);
	}

	status(nowMs: number, { taskSubmitMs }: Behaviour): number {
		if (this.endedAs !== undefined) return this.endedAs;
		if (nowMs < this.createdMs + taskSubmitMs) return TASK_STATUS.submitting;
		if (this.isSuspended) return TASK_STATUS.suspended;
		return this.calls.length === 0 ? TASK_STATUS.waiting : TASK_STATUS.calling;
	}

	/** Figures of the calls that have ended by now. */
	figures(nowMs: number) {
		const ended = this.calls.filter(({ endMs }) => endMs <= nowMs);
		const answered = ended.filter(({ isAnswered }) => isAnswered);
		return {
			called: this.calls.length,
			success: answered.length,
			fail: ended.length - answered.length,
			seconds: answered.reduce((sum, { talkMs }) => sum + Math.round(talkMs / 1000), 0),
			keysPressed: answered.filter(({ pressedKey }) => pressedKey !== '-1').length,
		};
	}

	/** The numbers whose call failed. */
	failedNumbers(nowMs: number): string[] {
		return this.order.numbers.filter((_, nth) => {
			const call = this.calls[nth];
			return call && call.endMs <= nowMs && !call.isAnswered;
		});
	}

	private end(status: number, atMs: number): void {
		this.endedAs = status;
		this.finishMs = atMs;
	}
}
