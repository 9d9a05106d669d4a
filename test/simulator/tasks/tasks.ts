import { DAY_MS } from '../../support/times';
import type { Placing, PlacingContext } from '../placing';
import { isInt, isObject } from '../values';
import { envelopeAnswer, jsonObject, type Answer } from '../wire';
import { Task, TASK_STATUS, type TaskOrder } from './task';
import { idJson, taskDetail, taskRow } from './taskJson';
import { readOrder, readWithoutNumbers } from './taskOrder';
import { parseTaskTime } from './taskTime';

const ENDED: number[] = [TASK_STATUS.done, TASK_STATUS.submitFailed, TASK_STATUS.cancelled];

/** The group-call tasks of the account, below `/voice/group/call/`. */
export class Tasks {
	private readonly tasks: Task[] = [];

	constructor(private readonly placing: Placing) {}

	/** All of them, oldest first. */
	get all(): readonly Task[] {
		return this.tasks;
	}

	/** Calls every number whose turn has come. */
	advance(context: PlacingContext): void {
		for (const task of this.tasks) {
			const { voiceFileId, displayNum } = task.order;
			task.advance(context.serviceNow, context.behaviour, (callee, atMs) =>
				this.placing.place(
					callee,
					{ fileId: voiceFileId, displayNum },
					{ ...context, serviceNow: atMs, isListed: context.behaviour.listsTaskCalls },
				),
			);
		}
	}

	/** Forgets all tasks. */
	reset(): void {
		this.tasks.length = 0;
	}

	/** A task as if it had been created by somebody else. */
	add(order: Partial<TaskOrder> & Pick<TaskOrder, 'taskName' | 'numbers'>, context: PlacingContext): Task {
		const { behaviour, serviceNow } = context;
		const defaults = {
			appId: 'app',
			source: 3,
			text: 'Hello',
			lan: 'EN',
			loopCount: 1,
			maxCalls: 120,
			hours: [],
		};
		const id = String(BigInt(behaviour.firstTaskId) + BigInt(this.tasks.length));
		const task = new Task(id, { ...defaults, ...order }, serviceNow, behaviour);
		this.tasks.push(task);
		return task;
	}

	/** What a path below `/voice/group/call/` answers. */
	answer(name: string, body: unknown, context: PlacingContext): Answer {
		this.advance(context);
		if (name === 'send') return this.send(body, context);
		if (name === 'query') return this.query(body, context);
		if (name === 'resend') return this.resend(body, context);
		if (name === 'cancel') return this.cancel(body, context);
		if (name === 'provisional') return this.suspend(body, context);
		return this.detail(name.replace('detail/', ''), context);
	}

	private send(body: unknown, context: PlacingContext): Answer {
		return this.create(readOrder(body, context.behaviour), context);
	}

	private resend(body: unknown, context: PlacingContext): Answer {
		if (!isObject(body) || !isInt(body.resendType, 0, 1)) return taskAnswer(context, '-22');
		const task = this.find(body.keyId);
		if (!task) return taskAnswer(context, '-24');
		const failed = task.failedNumbers(context.serviceNow);
		const numbers = body.resendType === 0 ? task.order.numbers : failed;
		if (numbers.length === 0) return taskAnswer(context, '-34');
		return this.create(readWithoutNumbers(body, numbers, context.behaviour), context);
	}

	private create(order: TaskOrder | string, context: PlacingContext): Answer {
		if (typeof order === 'string') return taskAnswer(context, order);
		const { taskNamesUnique, taskNamesIgnoreCase, taskSendData } = context.behaviour;
		const folded = (text: string) => (taskNamesIgnoreCase ? text.toLowerCase() : text);
		const isKnown = this.tasks.some((task) => folded(task.order.taskName) === folded(order.taskName));
		if (isKnown && taskNamesUnique) return taskAnswer(context, '-20');
		const { id } = this.add(order, context);
		if (taskSendData === 'null') return taskAnswer(context, '0', 'null');
		if (taskSendData === 'number' || taskSendData === 'text') {
			return taskAnswer(context, '0', idJson(id, taskSendData));
		}
		return taskAnswer(context, '0', jsonObject({ [taskSendData]: idJson(id, context.behaviour.taskIds) }));
	}

	private cancel(body: unknown, context: PlacingContext): Answer {
		const tasks = this.findAll(isObject(body) ? body.taskIdList : undefined);
		if (!tasks) return taskAnswer(context, '-54');
		const { behaviour, serviceNow } = context;
		const hasEnded = tasks.some((task) => ENDED.includes(task.status(serviceNow, behaviour)));
		if (hasEnded && behaviour.cancelEndedTask === '-54') return taskAnswer(context, '-54');
		for (const task of tasks) task.cancel(serviceNow);
		return taskAnswer(context, '0', 'null');
	}

	private suspend(body: unknown, context: PlacingContext): Answer {
		const tasks = this.findAll(isObject(body) ? body.jobIdList : undefined);
		for (const task of tasks ?? []) task.toggleSuspended(context.serviceNow);
		return taskAnswer(context, tasks ? '0' : '-54', 'null');
	}

	private detail(id: string, context: PlacingContext): Answer {
		const { behaviour, serviceNow } = context;
		const task = this.find(id);
		if (task) return taskAnswer(context, '0', taskDetail(task, serviceNow, behaviour));
		return behaviour.unknownTask === 'null' ? taskAnswer(context, '0', 'null') : taskAnswer(context, '-24');
	}

	private query(body: unknown, context: PlacingContext): Answer {
		const { behaviour, serviceNow } = context;
		const query = readQuery(body, context);
		if (!query) return taskAnswer(context, '-22');
		const found = this.tasks.filter((task) => isFound(task, query, context));
		if (behaviour.order === 'newestFirst') found.reverse();
		if (behaviour.order === 'none') found.sort((a, b) => shuffled(a.id) - shuffled(b.id));

		const size = Math.min(query.size, behaviour.maxSize);
		const pages = Math.ceil(found.length / size);
		const isPast = query.current > Math.max(1, pages);
		if (isPast && behaviour.pastTheEnd === 'error') return taskAnswer(context, '-22');
		const current = isPast && behaviour.pastTheEnd === 'lastPage' ? Math.max(1, pages) : query.current;
		const rows = found.slice((current - 1) * size, current * size);
		const isNull = rows.length === 0 && behaviour.emptyRecords === 'null';
		const data = jsonObject({
			records: isNull ? 'null' : `[${rows.map((task) => taskRow(task, serviceNow, behaviour)).join(',')}]`,
			total: String(behaviour.searchCount ? found.length : 0),
			size: String(behaviour.reportsClampedSize ? size : query.size),
			current: String(query.current),
			pages: String(behaviour.searchCount ? pages : 0),
		});
		return taskAnswer(context, '0', data);
	}

	private findAll(ids: unknown): Task[] | undefined {
		if (!Array.isArray(ids) || ids.length === 0) return undefined;
		const tasks = ids.flatMap((id: unknown) => this.find(id) ?? []);
		return tasks.length === ids.length ? tasks : undefined;
	}

	private find(id: unknown): Task | undefined {
		return this.tasks.find((task) => task.id === String(id));
	}
}

interface TaskQuery {
	current: number;
	size: number;
	fromMs: number;
	toMs: number;
	statuses: unknown[];
	search: string;
}

function readQuery(body: unknown, { behaviour }: PlacingContext): TaskQuery | undefined {
	if (!isObject(body) || !isObject(body.params)) return undefined;
	const { current, size, params } = body;
	const { taskMaxRangeDays = Infinity } = behaviour;
	const { strTime, endTime, statusList = [], searchCondition = '' } = params;
	const fromMs = parseTaskTime(strTime, behaviour.taskZoneHours);
	const toMs = parseTaskTime(endTime, behaviour.taskZoneHours);
	if (!isInt(current, 1, Infinity) || !isInt(size, 1, Infinity)) return undefined;
	if (fromMs === undefined || toMs === undefined || !Array.isArray(statusList)) return undefined;
	if (toMs - fromMs > taskMaxRangeDays * DAY_MS) return undefined;
	const statuses = behaviour.readsStatusList ? statusList : [];
	return { current, size, fromMs, toMs, statuses, search: String(searchCondition ?? '') };
}

function isFound(task: Task, query: TaskQuery, { behaviour, serviceNow }: PlacingContext): boolean {
	const { order, createdMs, listedFromMs } = task;
	const { endsInclusive, taskRangeFilter } = behaviour;
	const ms = Math.floor(((taskRangeFilter === 'sendTime' && order.sendMs) || createdMs) / 1000) * 1000;
	const isFromIn =
		endsInclusive === true || endsInclusive === 'start' ? ms >= query.fromMs : ms > query.fromMs;
	const isToIn = endsInclusive === true || endsInclusive === 'end' ? ms <= query.toMs : ms < query.toMs;
	const status = task.status(serviceNow, behaviour);
	const texts = [order.taskName, order.voiceFileId ?? '', order.text ?? ''];
	const folded = (text: string) => (behaviour.taskNamesIgnoreCase ? text.toLowerCase() : text);
	return (
		listedFromMs <= serviceNow &&
		isFromIn &&
		isToIn &&
		(query.statuses.length === 0 || query.statuses.some((each) => Number(each) === status)) &&
		texts.some((text) => folded(text).includes(folded(query.search)))
	);
}

/** A place that has nothing to do with the age of a task, the same each time. */
function shuffled(id: string): number {
	return Number((BigInt(id) * 7919n) % 1009n);
}

function taskAnswer({ behaviour }: PlacingContext, status: string, data?: string): Answer {
	const { taskEnvelope: envelope, taskStatusAsNumber: statusAsNumber } = behaviour;
	return envelopeAnswer(
		{ ...behaviour, envelope, statusAsNumber },
		status,
		data === undefined ? {} : { data },
	);
}
