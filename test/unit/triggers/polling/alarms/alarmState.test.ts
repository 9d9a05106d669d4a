import fc from 'fast-check';
import {
	isOfRule,
	nextAlarm,
	readAlarmState,
	startAlarm,
	underRule,
	verdictOn,
	type AlarmState,
	type Verdict,
} from '../../../../../nodes/Itniotech/triggers/polling/alarms/alarmState';
import { startCheckpoint } from '../../../../../nodes/Itniotech/triggers/polling/checkpoint';
import { runs } from '../../../../support/runs';
import { NOW_S } from '../../../../support/times';

const RULE = { subject: 'failureRate above', filtersHash: 'all', numbers: '20 20' };

const start = () => startAlarm(RULE, NOW_S);
const raised = (): AlarmState => ({ ...start(), alarm: 'raised' });

describe('a value', () => {
	test.each<[string, Verdict | undefined, number | null]>([
		['above', 'raised', 20.01],
		['above', undefined, 20],
		['above', undefined, 15.01],
		['above', 'cleared', 15],
		['above', 'cleared', 0],
		['above', undefined, null],
		['below', 'raised', 9.99],
		['below', 'raised', -5],
		['below', undefined, 10],
		['below', undefined, 11.99],
		['below', 'cleared', 12],
		['below', undefined, null],
	])('%s its threshold: %p for %p', (condition, verdict, value) => {
		const limits = condition === 'above' ? { threshold: 20, clearAt: 15 } : { threshold: 10, clearAt: 12 };
		expect(verdictOn({ condition: condition as 'above' | 'below', ...limits }, value)).toBe(verdict);
	});

	test('without a distance between threshold and "Clear At", every value has a verdict', () => {
		fc.assert(
			fc.property(
				fc.constantFrom('above' as const, 'below' as const),
				fc.integer({ min: 0, max: 5 }),
				fc.integer({ min: 0, max: 5 }),
				(condition, threshold, value) => {
					const holds = condition === 'above' ? value > threshold : value < threshold;
					const verdict = verdictOn({ condition, threshold, clearAt: threshold }, value);
					expect(verdict).toBe(holds ? 'raised' : 'cleared');
				},
			),
			{ numRuns: runs(200) },
		);
	});
});

test('news alternate: raised, cleared, raised, and nothing in between', () => {
	const verdicts = fc.array(fc.constantFrom<Array<Verdict | undefined>>('raised', 'cleared', undefined));
	fc.assert(
		fc.property(verdicts, (all) => {
			let state = start();
			const news: Verdict[] = [];
			for (const [index, verdict] of all.entries()) {
				const next = nextAlarm(state, verdict, { ...RULE, nowS: NOW_S + index });
				if (next !== state) {
					expect(next).toMatchObject({ alarm: verdict, sinceS: NOW_S + index });
					news.push(next.alarm);
				}
				state = next;
			}
			const plain = all.filter((verdict) => verdict !== undefined);
			const first = plain.indexOf('raised');
			const expected =
				first < 0 ? [] : plain.slice(first).filter((verdict, at, list) => verdict !== list[at - 1]);
			expect(news).toEqual(expected);
		}),
		{ numRuns: runs(300) },
	);
});

describe('after an edit', () => {
	const after = (changes: object, verdict?: Verdict) => {
		const edited = { ...RULE, ...changes, nowS: NOW_S + 60 };
		const before = underRule(raised(), edited, edited.nowS);
		return { before, state: nextAlarm(before, verdict, edited), edited };
	};
	const edited = (changes: object, verdict?: Verdict) => after(changes, verdict).state.alarm;
	const isNews = (changes: object, verdict?: Verdict) => {
		const { before, state } = after(changes, verdict);
		return state !== before;
	};

	test('of the limits, an alarm goes on', () => {
		expect(isNews({}, 'raised')).toBe(false);
		expect(isNews({}, 'cleared')).toBe(true);
	});

	test('of the filters, what holds is raised again, and what is back is cleared', () => {
		const other = { filtersHash: 'other' };
		expect([isNews(other, 'raised'), edited(other, 'raised')]).toEqual([true, 'raised']);
		expect([isNews(other, 'cleared'), edited(other, 'cleared')]).toEqual([true, 'cleared']);
		expect(isNews(other, undefined)).toBe(false);
	});

	test('of the metric, the alarm starts over: what holds is raised, nothing is cleared', () => {
		const other = { subject: 'cost above' };
		expect([isNews(other, 'raised'), edited(other, 'raised')]).toEqual([true, 'raised']);
		expect(isNews(other, 'cleared')).toBe(false);
	});

	test.each([{ subject: 'cost above' }, { filtersHash: 'other' }, { numbers: '30 20' }])(
		'%p, a value may have been beyond the threshold before it was looked for',
		(changes) => {
			expect(isOfRule(raised(), RULE)).toBe(true);
			expect(isOfRule(raised(), { ...RULE, ...changes })).toBe(false);
			for (const verdict of ['raised', 'cleared'] as const) {
				const { state, edited: identity } = after(changes, verdict);
				expect(isOfRule(state, identity)).toBe(true);
			}
		},
	);

	test('the alarm of before does not come back with its metric', () => {
		const other = { ...RULE, subject: 'cost above' };
		for (const verdict of ['cleared', undefined] as const) {
			const away = nextAlarm(underRule(raised(), other, NOW_S), verdict, { ...other, nowS: NOW_S });
			const back = underRule(away, RULE, NOW_S);
			expect(nextAlarm(back, 'raised', { ...RULE, nowS: NOW_S })).not.toBe(back);
			expect(nextAlarm(back, 'cleared', { ...RULE, nowS: NOW_S })).toBe(back);
		}
	});
});

test('a state is plain JSON without what was filtered for, and is read back unchanged', () => {
	const state = { ...raised(), lineage: 'a', number: 3, base: { lineage: 'b', number: 2 } };
	expect(readAlarmState(JSON.parse(JSON.stringify(state)))).toEqual(state);
	expect(JSON.stringify(state).length).toBeLessThan(300);
});

test.each<[string, unknown]>([
	['missing', undefined],
	['null', null],
	['text', 'raised'],
	['of the events of calls', startCheckpoint('hash', NOW_S, 60)],
	['of a later version', { ...start(), version: 2 }],
	['neither raised nor cleared', { ...start(), alarm: 'pending' }],
	['without a time', { ...start(), sinceS: undefined }],
	['with a time as text', { ...start(), sinceS: '1' }],
	['without a lineage', { ...start(), lineage: undefined }],
])('a stored state is refused when it is %s', (_case, value) =>
	expect(readAlarmState(value)).toBeUndefined(),
);
