import {
	isCheckpoint,
	startCheckpoint,
	type Checkpoint,
} from '../../../../nodes/Itniotech/triggers/polling/checkpoint';
import { isAlarmState, startAlarms } from '../../../../nodes/Itniotech/triggers/polling/alarms/alarmState';
import {
	addCheckpoint,
	isFromElsewhere,
	isOfAnotherKind,
	newestCheckpoint,
	rememberCheckpoint,
} from '../../../../nodes/Itniotech/triggers/polling/newestCheckpoints';
import { NOW_S } from '../../../support/times';

let triggers = 0;
/** One process that polls for one trigger, from the state that n8n has stored. */
function newProcess() {
	const trigger = `trigger ${++triggers}`;
	return {
		trigger,
		/** @returns the state after the poll */
		poll(stored: Checkpoint | undefined, isRemembered: boolean): Checkpoint {
			const before = newestCheckpoint(trigger, stored, isCheckpoint) ?? startCheckpoint('hash', NOW_S, 60);
			const next = addCheckpoint(trigger, { ...before, readToS: before.readToS + 1 });
			if (isRemembered) rememberCheckpoint(trigger, next);
			return next;
		},
	};
}

test('a process goes on from its own states alone, until n8n discards what came after another one', () => {
	const saved = newProcess().poll(undefined, true);
	const { trigger, poll } = newProcess();
	expect(isFromElsewhere(trigger, saved)).toBe(true);
	const own = poll(saved, false);
	expect([own, saved].map((state) => isFromElsewhere(trigger, state))).toEqual([false, true]);
	expect(isFromElsewhere(trigger, poll(own, true))).toBe(false);
	expect(isFromElsewhere(trigger, newProcess().poll(own, true))).toBe(true);
});

test('states that are never saved are continued', () => {
	const { poll } = newProcess();
	for (let polls = 1; polls <= 5; polls++) expect(poll(undefined, true).readToS).toBe(polls);
});

test('an older state is continued from what was read after it, also the one of a process before', () => {
	const saved = newProcess().poll(undefined, true);
	const { poll } = newProcess();
	expect(poll(saved, true).readToS).toBe(2);
	const third = poll(saved, true);
	expect(third.readToS).toBe(3);
	expect(poll(third, true).readToS).toBe(4);
	expect([saved, third, undefined].map((state) => poll(state, false).readToS)).toEqual([5, 5, 5]);
});

test('a poll that n8n discarded is repeated', () => {
	const { poll } = newProcess();
	const saved = poll(undefined, true);
	poll(saved, false);
	expect(poll(saved, false).readToS).toBe(2);
	const emitted = poll(saved, false);
	expect(poll(emitted, true).readToS).toBe(3);
});

test('a state of another process that went on from the same one is continued', () => {
	const [first, second] = [newProcess(), newProcess()];
	const saved = first.poll(undefined, true);
	for (let polls = 0; polls < 5; polls++) first.poll(saved, true);
	const other = second.poll(second.poll(saved, true), true);
	expect(first.poll(other, true).readToS).toBe(4);
	const third = second.poll(other, false);
	expect(first.poll(third, true).readToS).toBe(5);
	// What this process read before is not continued any more.
	expect(first.poll(saved, true).readToS).toBe(2);
});

test('triggers do not share checkpoints', () => {
	newProcess().poll(undefined, true);
	expect(newestCheckpoint('other', undefined, isCheckpoint)).toBeUndefined();
});

test('a checkpoint of another kind of event is not continued', () => {
	const { trigger, poll } = newProcess();
	const saved = poll(undefined, true);
	const alarm = addCheckpoint(trigger, startAlarms({ subject: 'failureRate', filtersHash: '', numbers: '' }));
	rememberCheckpoint(trigger, alarm);
	expect(newestCheckpoint(trigger, undefined, isAlarmState)).toEqual(alarm);
	expect(newestCheckpoint(trigger, undefined, isCheckpoint)).toBeUndefined();
	expect(isOfAnotherKind(trigger, isAlarmState)).toBe(false);
	expect(isOfAnotherKind(trigger, isCheckpoint)).toBe(true);
	expect(isOfAnotherKind('unknown', isCheckpoint)).toBe(false);
	expect(poll(saved, true).readToS).toBe(2);
});

test('a state that was saved before another event is older than what the process made since', () => {
	const { trigger, poll } = newProcess();
	const alarms = startAlarms({ subject: 'failures', filtersHash: 'hash', numbers: '5' });
	const saved = addCheckpoint(trigger, { ...alarms, polledS: NOW_S });
	rememberCheckpoint(trigger, saved);
	// Neither poll has items, so n8n saves neither state.
	poll(undefined, true);
	const since = addCheckpoint(trigger, { ...alarms, polledS: NOW_S + 60 });
	rememberCheckpoint(trigger, since);
	expect(newestCheckpoint(trigger, saved, isAlarmState)).toBe(since);
	// In another process, nothing else is known.
	expect(newestCheckpoint('another process', saved, isAlarmState)).toBe(saved);
});
