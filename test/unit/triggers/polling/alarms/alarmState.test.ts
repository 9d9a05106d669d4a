import {
	alarmsWithRoom,
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

/** As long as a name can be in the state. */
const longName = (index: number, filling: string) => String(index).padStart(40, filling);

test.each<[string, string, number, number]>([
	['Latin', 'n', 1000, 1000],
	['Chinese', '网', 440, 500],
	['escaped', '"', 600, 1000],
])(
	'a state full of alarms with names of 40 %s letters is below 64 KB however long they are active',
	(_, filling, least, most) => {
		const groups = Array.from({ length: 1000 }, (__, index) => longName(index, filling));
		for (const day of [0, 1, 20, 200, 2000, 20_000]) {
			const ago = (days: number) => NOW_S - Math.min(day, days) * 86_400;
			// Raised on the first day, known and reminded as long ago as can matter.
			const alarm = { raisedS: ago(20_000), knownS: ago(1), notifiedS: ago(31) };
			const stored = alarmsWithRoom(new Map(groups.map((group) => [group, alarm])), NOW_S);
			expect(stored.size).toBeGreaterThanOrEqual(least);
			expect(stored.size).toBeLessThanOrEqual(most);
			const generation = {
				lineage: '-'.repeat(36),
				number: 1e9,
				base: { lineage: '-'.repeat(36), number: 1e9 },
			};
			const names = { subject: '-'.repeat(120), filtersHash: '-'.repeat(32), numbers: '-'.repeat(60) };
			const state = {
				...start(),
				...generation,
				...names,
				polledS: NOW_S,
				alarms: packAlarms(stored, NOW_S),
			};
			expect(Buffer.byteLength(JSON.stringify(state))).toBeLessThan(64 * 1024 - 100);
			expect(unpackAlarms(readAlarmState(state)!)).toEqual(stored);
		}
	},
);

test('an alarm keeps its place in a full state for as long as it is active', () => {
	const alarm = { raisedS: NOW_S, knownS: NOW_S, notifiedS: NOW_S };
	const groups = Array.from({ length: 1000 }, (_, index) => longName(index, '网'));
	let alarms = alarmsWithRoom(new Map(groups.map((group) => [group, alarm])), NOW_S);
	const { size } = alarms;
	for (const days of [1, 30, 365, 10_000]) {
		const polledS = NOW_S + days * 86_400;
		alarms = alarmsWithRoom(
			unpackAlarms({ ...start(), polledS, alarms: packAlarms(alarms, polledS) }),
			polledS,
		);
		expect(alarms.size).toBe(size);
		expect([...alarms.values()].every(({ raisedS }) => raisedS === NOW_S)).toBe(true);
	}
});

test('what is longer ago than any window or reminder is not told apart, and nothing is ahead', () => {
	const alarm = { raisedS: NOW_S + 5, knownS: NOW_S - 1e9, notifiedS: NOW_S - 1e9 };
	const alarms = packAlarms(new Map([['', alarm]]), NOW_S);
	const { raisedS, knownS, notifiedS } = unpackAlarms({ ...start(), polledS: NOW_S, alarms }).get('')!;
	expect(raisedS).toBe(NOW_S);
	expect(NOW_S - knownS).toBeGreaterThan(2 * 86_400);
	expect(NOW_S - notifiedS).toBeGreaterThan(31 * 86_400);
});

test.each<[string, unknown]>([
	['missing', undefined],
	['null', null],
	['text', 'raised'],
	['of the events of calls', startCheckpoint('hash', NOW_S, 60)],
	['of another version', { ...start(), version: 2 }],
	['with an alarm that is no text', { ...start(), alarms: [1] }],
	['with an alarm without times', { ...start(), alarms: ['x'] }],
	['with times that are no digits', { ...start(), alarms: [`${'0'.repeat(14)}-x`] }],
	['with a time as text', { ...start(), polledS: '1' }],
	['without a lineage', { ...start(), lineage: undefined }],
])('a stored state is refused when it is %s', (_case, value) =>
	expect(readAlarmState(value)).toBeUndefined(),
);
