import { DateTime } from 'luxon';
import type { IDataObject, INode } from 'n8n-workflow';

import { HOUR_MS } from '../../support/times';
import type { WorkflowFile } from './engine';

/** When a trigger starts its workflow, and its name. */
export interface Tick {
	time: DateTime;
	start: string;
}

/** When the schedule triggers of a workflow start it, in order, in the zone of `from`, which is a whole hour. */
export function ticksOf({ nodes }: WorkflowFile, from: DateTime, to: DateTime): Tick[] {
	const triggers = nodes.filter(({ type }) => type === 'n8n-nodes-base.scheduleTrigger');
	const rules = triggers.map((node) => ({ start: node.name, minutesOf: dueBy(node) }));
	const ticks: Tick[] = [];
	for (let ms = from.toMillis(); ms < to.toMillis(); ms += HOUR_MS) {
		const hour = DateTime.fromMillis(ms, { zone: from.zone });
		const due = rules.flatMap(({ start, minutesOf }) => minutesOf(hour).map((minute) => ({ start, minute })));
		due.sort((a, b) => a.minute - b.minute);
		ticks.push(...due.map(({ start, minute }) => ({ start, time: hour.plus({ minutes: minute }) })));
	}
	return ticks;
}

const MINUTES = Array.from({ length: 60 }, (_, minute) => minute);

/** The minutes of an hour at which a trigger starts its workflow. */
function dueBy({ parameters }: INode): (hour: DateTime) => number[] {
	const { interval } = parameters.rule as unknown as { interval: IDataObject[] };
	const rules = interval.map(cronOf).map((cron) => cron.split(' '));
	return ({ hour, day, month, weekday }) => {
		const ofHour = rules.filter((fields) =>
			[hour, day, month, weekday].every((value, nth) => matches(fields[nth + 1], value)),
		);
		return ofHour.length === 0
			? []
			: MINUTES.filter((minute) => ofHour.some(([field]) => matches(field, minute)));
	};
}

/** Source: n8n's own translation, in `ScheduleTrigger/GenericFunctions`. */
function cronOf({ field, expression, ...rule }: IDataObject): string {
	const { triggerAtMinute = 0, triggerAtHour = 0, triggerAtDayOfMonth = 1 } = rule;
	const every = rule[`${String(field)}Interval`] ?? 1;
	if (field !== 'minutes' && field !== 'cronExpression') expect(every).toBe(1);
	switch (field) {
		case 'cronExpression':
			return String(expression);
		case 'minutes':
			return `*/${String(every)} * * * *`;
		case 'hours':
			return `${String(triggerAtMinute)} * * * *`;
		case 'days':
			return `${String(triggerAtMinute)} ${String(triggerAtHour)} * * *`;
		case 'weeks':
			return `${String(triggerAtMinute)} ${String(triggerAtHour)} * * ${String(rule.triggerAtDay)}`;
		case 'months':
			return `${String(triggerAtMinute)} ${String(triggerAtHour)} ${String(triggerAtDayOfMonth)} * *`;
		default:
			throw new Error(`No such interval: ${String(field)}`);
	}
}

function matches(field: string, value: number): boolean {
	if (field === '*') return true;
	if (field.startsWith('*/')) return value % Number(field.slice(2)) === 0;
	const [first, last = first] = field.split('-').map(Number);
	return value >= first && value <= last;
}
