import {
	isOfRule,
	packAlarms,
	readAlarmState,
	startAlarms,
	underRule,
	unpackAlarms,
	withoutOldAlarms,
	type AlarmState,
} from '../../../../../nodes/Itniotech/triggers/polling/alarms/alarmState';
import { LAPSED, type Alarm } from '../../../../../nodes/Itniotech/triggers/polling/alarms/transition';
import { startCheckpoint } from '../../../../../nodes/Itniotech/triggers/polling/checkpoint';
import { NOW_S } from '../../../../support/times';

const RULE = { subject: 'failureRate above', filtersHash: 'all', numbers: '20 20' };

const start = () => startAlarms(RULE);

function raised(changes: Partial<Alarm> = {}): AlarmState {
	const alarm = { raisedS: NOW_S - 60, knownS: NOW_S, notifiedS: NOW_S - 60, ...changes };
	return { ...start(), polledS: NOW_S, alarms: packAlarms(new Map([['', alarm]]), NOW_S) };
}

const alarmIn = (state: AlarmState) => unpackAlarms(state).get('');

describe('after an edit', () => {
	test('of the numbers, an alarm goes on', () => {
		const state = underRule(raised(), { ...RULE, numbers: '30 20' });
		expect(state).toEqual({ ...raised(), numbers: '30 20' });
	});

	test('of the filters, it is one of other calls, until the filters are as before', () => {
		const other = underRule(raised(), { ...RULE, filtersHash: 'other' });
		expect(alarmIn(other)).toMatchObject({ about: 'all', raisedS: NOW_S - 60 });
		expect(alarmIn(underRule(other, { ...RULE, filtersHash: 'third' }))).toMatchObject({ about: 'all' });
		expect(alarmIn(underRule(other, RULE))?.about).toBeUndefined();
	});

	test('of the metric, nothing of it is left', () => {
		const state = { ...raised(), lineage: 'a', number: 3 };
		const edited = underRule(state, { ...RULE, subject: 'cost above' });
		expect(edited).toEqual({ ...startAlarms({ ...RULE, subject: 'cost above' }), lineage: 'a', number: 3 });
	});

	test.each([{ subject: 'cost above' }, { filtersHash: 'other' }, { numbers: '30 20' }])(
		'%p, the rule is another one',
		(changes) => {
			expect(isOfRule(raised(), RULE)).toBe(true);
			expect(isOfRule(raised(), { ...RULE, ...changes })).toBe(false);
			expect(isOfRule(underRule(raised(), { ...RULE, ...changes }), { ...RULE, ...changes })).toBe(true);
		},
	);
});

test('an alarm of which nothing was stored for longer may have ended', () => {
	expect(alarmIn(withoutOldAlarms(raised(), NOW_S + 1))).toMatchObject({ about: LAPSED });
	expect(withoutOldAlarms(raised(), NOW_S)).toEqual(raised());
});

test('a state is plain JSON without what was filtered for, and is read back unchanged', () => {
	const state = { ...raised({ about: 'x' }), lineage: 'a', number: 3, base: { lineage: 'b', number: 2 } };
	const copy = readAlarmState(JSON.parse(JSON.stringify(state)));
	expect(copy).toEqual(state);
	expect(alarmIn(copy!)).toEqual({ raisedS: NOW_S - 60, knownS: NOW_S, notifiedS: NOW_S - 60, about: 'x' });
	expect(JSON.stringify(state).length).toBeLessThan(300);
});

test('the state of 1,000 alarms is below 64 KB', () => {
	const alarm = { raisedS: NOW_S - 30 * 86_400, knownS: NOW_S - 86_400, notifiedS: NOW_S - 86_400 };
	const groups = Array.from({ length: 1000 }, (_, index): [string, Alarm] => [
		`A country of some length(Operator ${index})`,
		alarm,
	]);
	const state = { ...start(), polledS: NOW_S, alarms: packAlarms(new Map(groups), NOW_S) };
	expect(Buffer.byteLength(JSON.stringify(state))).toBeLessThan(64 * 1024);
	expect(unpackAlarms(state)).toEqual(new Map(groups));
});

test.each<[string, unknown]>([
	['missing', undefined],
	['null', null],
	['text', 'raised'],
	['of the events of calls', startCheckpoint('hash', NOW_S, 60)],
	['of another version', { ...start(), version: 1 }],
	['with an alarm that is no list', { ...start(), alarms: ['x'] }],
	['with an alarm without times', { ...start(), alarms: [['x', 1, 2]] }],
	['with a time as text', { ...start(), polledS: '1' }],
	['without a lineage', { ...start(), lineage: undefined }],
])('a stored state is refused when it is %s', (_case, value) =>
	expect(readAlarmState(value)).toBeUndefined(),
);
