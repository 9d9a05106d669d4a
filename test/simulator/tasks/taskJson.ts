import type { Behaviour } from '../behaviour';
import { jsonObject } from '../wire';
import type { Task } from './task';
import { taskTime } from './taskTime';

/** JSON text of one row of the list of tasks. */
export function taskRow(task: Task, nowMs: number, behaviour: Behaviour): string {
	const { called, success, fail } = task.figures(nowMs);
	return jsonObject({
		...commonMembers(task, nowMs, behaviour),
		callNum: count(called, behaviour),
		success: count(success, behaviour),
		fail: count(fail, behaviour),
	});
}

/** JSON text of the detail of a task. */
export function taskDetail(task: Task, nowMs: number, behaviour: Behaviour): string {
	const { called, success, fail, seconds, keysPressed } = task.figures(nowMs);
	const { order, finishMs } = task;
	const time = (ms: number | undefined) => ms && JSON.stringify(taskTime(ms, behaviour.taskZoneHours));
	const members = {
		...commonMembers(task, nowMs, behaviour),
		displayNum: order.displayNum && JSON.stringify(order.displayNum),
		text: order.text && JSON.stringify(order.text),
		chargeLen: count(seconds, behaviour),
		callTotal: count(called, behaviour),
		success: count(success, behaviour),
		fail: count(fail, behaviour),
		successRate: share(success, success + fail, behaviour),
		sendTime: time(order.sendMs),
		finishTime: time(finishMs),
		appId: JSON.stringify(order.appId),
		source: count(order.source, behaviour),
		voiceFileId: order.voiceFileId && JSON.stringify(order.voiceFileId),
		keyFeedbackNum: count(keysPressed, behaviour),
		callDuration: count(seconds, behaviour),
		code: '"1"',
		maxCalls: count(order.maxCalls, behaviour),
		loopCount: count(order.loopCount, behaviour),
		lan: order.lan && JSON.stringify(order.lan),
		acd: success === 0 ? '"0"' : JSON.stringify((seconds / success).toFixed(2)),
	};
	const empty = { null: 'null', emptyText: '""', absent: undefined }[behaviour.emptyFields];
	const present = Object.entries(members).flatMap(([name, json]) => {
		const text = json || empty;
		return text === undefined ? [] : [[name, text] as const];
	});
	return jsonObject(Object.fromEntries(present));
}

/** A number of 19 digits cannot pass through `JSON.stringify`. */
export function idJson(id: string, as: 'number' | 'text'): string {
	return as === 'text' ? JSON.stringify(id) : id;
}

function commonMembers(task: Task, nowMs: number, behaviour: Behaviour) {
	const { order, createdMs } = task;
	const { called } = task.figures(nowMs);
	return {
		[behaviour.taskIdField]: idJson(task.id, behaviour.taskIds),
		taskName: JSON.stringify(order.taskName),
		status: count(task.status(nowMs, behaviour), behaviour),
		rate: share(called, order.numbers.length, behaviour),
		numCnt: count(order.numbers.length, behaviour),
		createdTime: JSON.stringify(taskTime(createdMs, behaviour.taskZoneHours)),
	};
}

function count(value: number, { taskCountsAs }: Behaviour): string {
	return taskCountsAs === 'text' ? JSON.stringify(String(value)) : String(value);
}

function share(part: number, whole: number, { taskRatesAs }: Behaviour): string {
	const percent = whole === 0 ? 0 : Math.round((10_000 * part) / whole) / 100;
	return JSON.stringify(`${percent}${taskRatesAs === 'percent' ? '%' : ''}`);
}
