/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';

import fc from 'fast-check';
import { ObservableObject, type IDataObject } from 'n8n-workflow';

import { ItniotechTrigger } from '../../../../../nodes/Itniotech/ItniotechTrigger.node';
import { DEFAULT_BEHAVIOUR } from '../../../../simulator/behaviour';
import { listDataset, type Dataset } from '../../../../simulator/dataset';
import { wireTime } from '../../../../simulator/records';
import { Service } from '../../../../simulator/service';
import { DEMO_CREDENTIAL } from '../../../../simulator/simulator';
import { runs } from '../../../../support/runs';
import { useTestClock } from '../../../../support/testClock';
import { createPollContext } from '../../../../support/pollContext';
import { NOW_MS, NOW_S } from '../../../../support/times';

const SEED = Number(process.env.FC_SEED ?? 20261123);
const AREA_NAMES = ['Area(One)', 'Area(Two)', 'Area(Three)'];
const AREAS: IDataObject[][] = [
	[{}, { area: ' ' }, { outcome: 'all' }],
	[{ area: '(' }, { area: ' ( ' }],
];

/** Times in seconds. */
interface CallPlan {
	/** Before the poll that it was made up for. */
	endedBeforeS: number;
	durationS: number;
	/** Until then it is listed without its end, or not at all. */
	listedAfterS: number;
	code: '200' | '486';
	area: number;
}

/** In Unix seconds. */
interface Call {
	submitS: number;
	endS: number;
	listedS: number;
	code: CallPlan['code'];
	area: string;
}

interface Rule {
	event: 'thresholdCrossed' | 'balanceLow' | 'callEnded';
	metric: 'failureRate' | 'failures' | 'calls';
	condition: 'above' | 'below';
	threshold: number;
	/** How far `clearAt` is from the threshold. */
	distance: number;
	windowMinutes: number;
	minimumCalls: number;
	notifyWhenCleared: boolean;
	alarmPer: 'all' | 'area';
	/** Hours. */
	remindEvery: number;
	/** Minutes. */
	ignoreLast: number;
	/** Filters that all calls meet: of which meaning, and how it is written. */
	filters: { meaning: number; spelling: number };
}

interface PollPlan {
	gapS: number;
	calls: CallPlan[];
	/** This request is refused, counted from 1. */
	failsAt: number | null;
	isOverlapped: boolean;
	/** Since the poll before, n8n was started again, or the workflow published again, with the state that was saved. */
	begin: 'restart' | 'publication' | null;
	/** n8n 2.41 discards the items, as the workflow is published meanwhile. */
	isDiscarded: boolean;
	edit: Partial<Rule> | null;
	balance: number;
}

interface History {
	polls: PollPlan[];
	rule: Rule;
	/** Each poll has a new workflow object, and the state of a poll without items is not saved. */
	isDurable: boolean;
	hasBudget: boolean;
	listsOngoingCalls: boolean;
	hasDuplicates: boolean;
}

const rule: { [Name in keyof Rule]: fc.Arbitrary<Rule[Name]> } = {
	event: fc.oneof(
		{ weight: 6, arbitrary: fc.constant('thresholdCrossed' as const) },
		{ weight: 2, arbitrary: fc.constant('balanceLow' as const) },
		{ weight: 1, arbitrary: fc.constant('callEnded' as const) },
	),
	metric: fc.constantFrom('failureRate', 'failureRate', 'failures', 'calls'),
	condition: fc.constantFrom('above', 'above', 'below'),
	threshold: fc.constantFrom(1, 2, 50),
	distance: fc.constantFrom(0, 0, 1),
	windowMinutes: fc.constantFrom(5, 5, 60, 240),
	minimumCalls: fc.constantFrom(1, 2, 4),
	alarmPer: fc.constantFrom('all', 'all', 'area'),
	remindEvery: fc.constantFrom(0, 0, 0.25, 2),
	ignoreLast: fc.constantFrom(0, 0, 0, 3),
	notifyWhenCleared: fc.constantFrom(true, true, false),
	filters: fc.record({ meaning: fc.constantFrom(0, 1), spelling: fc.nat(2) }),
};

const NAMES = Object.keys(rule) as Array<keyof Rule>;
const often = <T>(usual: T, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
	fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary });

const history: fc.Arbitrary<History> = fc.record({
	polls: fc.array(
		fc.record({
			gapS: fc.oneof(
				{ weight: 5, arbitrary: fc.nat(300) },
				{ weight: 2, arbitrary: fc.nat(3000) },
				{ weight: 1, arbitrary: fc.nat(90_000) },
			),
			calls: fc.array(
				fc.record({
					endedBeforeS: fc.nat(400),
					durationS: often(30, fc.nat(2500)),
					listedAfterS: often(0, fc.nat(1000)),
					code: fc.constantFrom<Array<'200' | '486'>>('200', '486'),
					area: fc.nat(AREA_NAMES.length - 1),
				}),
				{ maxLength: 6 },
			),
			failsAt: often<number | null>(null, fc.integer({ min: 1, max: 3 })),
			isOverlapped: often(false, fc.constant(true)),
			begin: often<PollPlan['begin']>(null, fc.constantFrom('restart', 'publication')),
			isDiscarded: often(false, fc.constant(true)),
			// One edit at a time: after many at once, nothing is as before.
			edit: fc.option(
				fc
					.constantFrom(...NAMES, 'event' as const, 'filters' as const, 'filters' as const)
					.chain((name) => fc.record({ [name]: rule[name] }) as fc.Arbitrary<Partial<Rule>>),
				{ freq: 2 },
			),
			balance: fc.constantFrom(0, 1, 2, 3, 50, 51),
		}),
		{ minLength: 1, maxLength: 25 },
	),
	rule: fc.record(rule),
	isDurable: fc.boolean(),
	hasBudget: fc.boolean(),
	listsOngoingCalls: fc.boolean(),
	hasDuplicates: fc.boolean(),
});

const clock = useTestClock(NOW_MS);
let nodes = 0;
/** How early a poll may come and still remind, and how late and still have watched. */
const MAX_SHIFT_S = 30;
/** How far back an alarm is looked for that lapsed without being stored. */
const MAX_PAST_S = 3 * 86_400;
/** How many items of each kind all histories had. */
const outputs: Record<string, number> = {};

const isBelow = ({ event, condition }: Rule) => event === 'balanceLow' || condition === 'below';
const clearAtOf = (one: Rule) => one.threshold + (isBelow(one) ? one.distance : -one.distance);

/** Which groups without calls are known is for other tests: counts above a threshold, and shares, do not depend on it. */
const alarmPerOf = ({ alarmPer, metric, condition }: Rule) =>
	condition === 'below' && metric !== 'failureRate' ? 'all' : alarmPer;
const spellingOf = ({ filters: { meaning, spelling } }: Rule) => {
	const spellings = AREAS[meaning];
	return spellings[spelling % spellings.length];
};
const isOfShares = ({ event, metric }: Rule) => event === 'thresholdCrossed' && metric === 'failureRate';
const perGroup = (one: Rule) => one.event === 'thresholdCrossed' && alarmPerOf(one) === 'area';

/** A value, and what it may be with the calls that are listed late; `Infinity` where nobody knows. */
interface Known {
	value: number;
	most: number;
}
/** `null` where there are too few calls. */
type Values = Map<string, Known | null>;

/** What the process has seen of the calls that a rule counts. */
interface Watched {
	about: string;
	polledS: number;
	/** Since then, each poll has come within a window of the one before. */
	sinceS: number;
	calls: Set<Call>;
	/** Listed while their end was in the window. */
	counted: Set<Call>;
	late: Array<{ call: Call; foundS: number }>;
	/** Whether a poll has looked for alarms that lapsed without being stored, or in a pause. */
	hasLookedBack: boolean;
}

const watchFor = (one: Rule, last?: Watched): Watched => {
	const { windowMinutes, ignoreLast, metric } = one;
	const about = JSON.stringify([
		alarmPerOf(one),
		windowMinutes,
		ignoreLast,
		spellingOf(one),
		metric === 'failureRate',
	]);
	return last?.about === about
		? last
		: { about, polledS: 0, sinceS: 0, calls: new Set(), counted: new Set(), late: [], hasLookedBack: false };
};

/** Finds what is listed too late to be counted, and whether it may be that nothing is listed in time. */
function watch(watched: Watched, one: Rule, calls: Call[]): boolean {
	const nowS = Math.floor(clock.ms / 1000);
	const windowS = one.windowMinutes * 60;
	const fromS = nowS - one.ignoreLast * 60 - windowS;
	const recent = calls.filter(({ submitS, listedS }) => listedS <= nowS && submitS >= nowS - 3601);
	const isWatched = watched.polledS > 0 && nowS - watched.polledS <= windowS + MAX_SHIFT_S;
	for (const call of recent) {
		if (!isWatched || watched.calls.has(call)) continue;
		if (call.endS <= fromS && call.endS <= watched.polledS) watched.late.push({ call, foundS: nowS });
	}
	watched.late = watched.late.filter(({ foundS }) => foundS > nowS - windowS);
	for (const call of recent) watched.calls.add(call);
	if (!isWatched) {
		if (watched.sinceS < watched.polledS) watched.hasLookedBack = false;
		watched.sinceS = nowS;
	}
	const isNew = nowS - watched.sinceS < windowS;
	for (const call of recent) if (call.endS > fromS) watched.counted.add(call);
	const isUnsure = isNew && recent.length > 0 && !recent.some((call) => watched.counted.has(call));
	watched.polledS = nowS;
	return isUnsure;
}

/** The values at the present by group, straight from what has happened. */
function presentValues(
	one: Rule,
	{ calls, balance, watched }: { calls: Call[]; balance: number; watched: Watched },
): Values {
	if (one.event !== 'thresholdCrossed') return new Map([['', { value: balance, most: balance }]]);
	const isUnsure = watch(watched, one, calls);
	const nowS = Math.floor(clock.ms / 1000);
	const toS = nowS - one.ignoreLast * 60;
	const fromS = toS - one.windowMinutes * 60;
	const counted = calls.filter(({ endS, listedS }) => listedS <= nowS && endS > fromS && endS <= toS);
	const late = watched.late.map(({ call }) => call);
	const valueOf = (isOfGroup: (call: Call) => boolean): Known | null => {
		const ofGroup = counted.filter(isOfGroup);
		const isCounted = ({ code }: Call) => one.metric === 'calls' || code !== '200';
		const value = ofGroup.filter(isCounted).length;
		if (one.metric === 'failureRate') {
			const rate = (value / ofGroup.length) * 100;
			return ofGroup.length < one.minimumCalls ? null : { value: rate, most: rate };
		}
		const missing = isUnsure ? Infinity : late.filter(isOfGroup).filter(isCounted).length;
		return { value, most: value + missing };
	};
	if (!perGroup(one)) return new Map([['', valueOf(() => true)]]);
	return new Map(AREA_NAMES.map((name) => [name, valueOf(({ area }) => area === name)]));
}

/** Until when somebody who looked all the time would have known the value; `undefined` after too few calls for a whole window. */
function knownUntil(
	one: Rule,
	calls: Call[],
	{ group, knownS }: { group: string; knownS: number },
): number | undefined {
	const nowS = Math.floor(clock.ms / 1000);
	const windowS = one.windowMinutes * 60;
	const ofGroup = calls.filter(({ area, listedS }) => listedS <= nowS && (group === '' || area === group));
	const ends = ofGroup.map(({ endS }) => endS);
	const [ignoredS, toS] = [one.ignoreLast * 60, nowS - one.ignoreLast * 60];
	let silentFromS = Math.max(knownS, nowS - MAX_PAST_S) - ignoredS;
	// In between, nothing changes.
	const moments = [silentFromS, ...ends, ...ends.map((endS) => endS + windowS), toS]
		.filter((moment) => moment >= silentFromS && moment <= toS)
		.sort((a, b) => a - b);
	const wasSilent = moments.some((moment, index) => {
		const isKnown =
			ends.filter((endS) => endS > moment - windowS && endS <= moment).length >= one.minimumCalls;
		const nextS = moments[index + 1] ?? toS;
		if (isKnown) silentFromS = nextS;
		return nextS - silentFromS >= windowS;
	});
	return wasSilent ? undefined : silentFromS + ignoredS;
}

/** Unix times in seconds. */
interface ToldAlarm {
	knownS: number;
	notifiedS: number;
	/** For which filters it was raised; -1 once it has lapsed. */
	filters: number;
}

/** What the user was told last, or would have been told. */
interface Told {
	about: string;
	polledS: number;
	alarms: Map<string, ToldAlarm>;
}

type Kind = 'raised' | 'reminder' | 'cleared';

const nothingTold = (about = ''): Told => ({ about, polledS: 0, alarms: new Map() });
const copyOf = ({ alarms, ...rest }: Told): Told => ({
	...rest,
	alarms: new Map([...alarms].map(([group, alarm]) => [group, { ...alarm }])),
});

const aboutOf = (one: Rule) =>
	one.event === 'balanceLow' ? one.event : `${one.metric} ${one.condition} ${alarmPerOf(one)}`;
const windowOf = (one: Rule) => (one.event === 'balanceLow' ? 3600 : one.windowMinutes * 60);
const filtersOf = (one: Rule) => (one.event === 'balanceLow' ? 0 : one.filters.meaning);

const isDue = ({ remindEvery }: Rule, { notifiedS }: ToldAlarm) =>
	remindEvery > 0 && Math.floor(clock.ms / 1000) - notifiedS >= remindEvery * 3600 - MAX_SHIFT_S;

interface Seen {
	values: Values;
	isRestart: boolean;
	/** Where a poll looks back. */
	knownUntil?(alarm: { group: string; knownS: number }): number | undefined;
}

/** What the user is to be told after these values, by kind and group. */
function tell(
	last: Told,
	one: Rule,
	{ values, isRestart, knownUntil: lookBack }: Seen,
): { told: Told; news: Array<[Kind, string]> } {
	const nowS = Math.floor(clock.ms / 1000);
	const told = last.about === aboutOf(one) ? copyOf(last) : nothingTold(aboutOf(one));
	const news: Array<[Kind, string]> = [];
	for (const [group, known] of values) {
		const alarm = told.alarms.get(group);
		// Where an end is never stored, one of long ago may have ended.
		if (alarm && isRestart && !one.notifyWhenCleared && alarm.knownS < nowS - windowOf(one))
			alarm.filters = -1;
		const isStale = alarm?.filters === filtersOf(one) && alarm.knownS <= nowS - windowOf(one);
		if (isStale && lookBack) {
			const untilS = lookBack({ group, knownS: alarm.knownS });
			if (untilS === undefined) alarm.filters = -1;
			else alarm.knownS = untilS;
		}
		const isActive = alarm?.filters === filtersOf(one);
		if (known === null) {
			const isWatched = nowS - told.polledS <= windowOf(one) + MAX_SHIFT_S;
			if (alarm && isWatched && nowS - alarm.knownS >= windowOf(one)) alarm.filters = -1;
			continue;
		}
		if (alarm) alarm.knownS = nowS;
		const { value, most } = known;
		const isCrossed = isBelow(one) ? most < one.threshold : value > one.threshold;
		const isBack = isBelow(one) ? value >= clearAtOf(one) : most <= clearAtOf(one);
		if (isCrossed && !isActive) {
			told.alarms.set(group, { knownS: nowS, notifiedS: nowS, filters: filtersOf(one) });
			news.push(['raised', group]);
		} else if (isBack && alarm) {
			told.alarms.delete(group);
			if (one.notifyWhenCleared) news.push(['cleared', group]);
		} else if (alarm && isActive && isDue(one, alarm)) {
			if (!isCrossed && most > value) continue;
			alarm.notifiedS = nowS;
			news.push(['reminder', group]);
		}
	}
	told.polledS = nowS;
	return { told, news };
}

/** Calls as the list shows them at the present. */
function datasetOf(calls: Call[], { listsOngoingCalls }: History): Dataset {
	const rows = calls.map(({ submitS, endS, code, area }, index) => {
		const submitTime = wireTime(submitS * 1000);
		const ongoing = { voiceId: String(index), code: area, submitTime, callTime: submitTime };
		const ended = { ...ongoing, hangupTime: wireTime(endS * 1000), terminationCode: code };
		return { ongoing: Object.freeze(ongoing), ended: Object.freeze(ended) };
	});
	const rowsAt = (nowS: number) =>
		calls.flatMap(({ submitS, listedS }, index) => {
			if (listedS <= nowS) return [rows[index].ended];
			return listsOngoingCalls && submitS <= nowS ? [rows[index].ongoing] : [];
		});
	let last: { ms: number; dataset: Dataset } | undefined;
	const present = () => {
		if (last?.ms !== clock.ms) last = { ms: clock.ms, dataset: listDataset(rowsAt(clock.ms / 1000)) };
		return last.dataset;
	};
	return {
		count: (query) => present().count(query),
		slice: (...query) => present().slice(...query),
		get: (voiceId) => present().get(voiceId),
		add: () => {},
	};
}

function callsOf(polls: PollPlan[]): Call[] {
	let pollS = NOW_S;
	return polls.flatMap(({ gapS, calls }) => {
		pollS += gapS;
		return calls.map(({ endedBeforeS, durationS, listedAfterS, code, area }) => {
			const endS = pollS - endedBeforeS;
			return { submitS: endS - durationS, endS, listedS: endS + listedAfterS, code, area: AREA_NAMES[area] };
		});
	});
}

function parametersOf(one: Rule): IDataObject {
	const { notifyWhenCleared, distance, remindEvery, ignoreLast, ...rest } = one;
	const clearAt = { clearAt: distance > 0 ? clearAtOf(one) : '' };
	return {
		...rest,
		alarmPer: alarmPerOf(one),
		output: 'eachRecord',
		filters: spellingOf(one),
		options: { notifyWhenCleared, remindEvery, ignoreLast, pageSize: 20, ...clearAt },
	};
}

/** The service as a history says, and contexts for the polls of it. */
function createContexts(one: History, calls: Call[]) {
	const behaviour = {
		...DEFAULT_BEHAVIOUR,
		listsOngoingCalls: true,
		listedTwice: one.hasDuplicates
			? calls.map((_, index) => String(index)).filter((id) => +id % 3 === 0)
			: [],
	};
	const service = new Service(DEMO_CREDENTIAL, () => clock.ms, behaviour, datasetOf(calls, one));
	const log = (text: string) => {
		if (!text.includes('because their end was no longer in the window')) throw new Error(text);
	};
	const createContext = (
		{ nodeId, staticData, current }: { nodeId: string; staticData: IDataObject; current: Rule },
		isRefused: () => Promise<boolean>,
	) =>
		createPollContext(service, {
			nodeId,
			staticData,
			parameters: parametersOf(current),
			budgetMs: one.hasBudget ? 300_000 : undefined,
			isRefused,
			log,
		});
	return { behaviour, createContext };
}

/** Lets a history happen to the trigger, and compares each poll with the plain rule. */
async function live(one: History): Promise<void> {
	const trigger = new ItniotechTrigger();
	const { polls, isDurable, hasBudget } = one;
	const calls = callsOf(polls);
	const { behaviour, createContext } = createContexts(one, calls);
	let current = one.rule;
	let nodeId = `alarm ${++nodes}`;
	let saved = '{}';
	let staticData: IDataObject = {};
	const load = () => {
		staticData = ObservableObject.create(JSON.parse(saved) as IDataObject) as IDataObject;
	};
	load();
	let [told, toldInSaved] = [nothingTold(), nothingTold()];
	let [isActivating, isFirst, isRestart] = [true, true, true];
	let watched: Watched | undefined;
	clock.ms = NOW_MS;
	for (const plan of polls) {
		clock.ms += plan.gapS * 1000;
		current = { ...current, ...plan.edit };
		behaviour.balance = String(plan.balance);
		isActivating ||= plan.begin !== null;
		if (plan.begin || isDurable) load();
		if (plan.begin === 'restart') {
			nodeId = `alarm ${++nodes}`;
			told = toldInSaved;
			isRestart = true;
			watched = undefined;
		}
		if (current.event === 'thresholdCrossed') watched = watchFor(current, watched);
		let requests = 0;
		const circumstances = { nodeId, staticData, current };
		const context = createContext(circumstances, async () => {
			requests++;
			if (plan.isOverlapped && requests === 1) {
				expect(await trigger.poll.call(createContext(circumstances, async () => false))).toBeNull();
			}
			return requests === plan.failsAt;
		});
		const before = JSON.stringify(staticData);
		const [result] = await Promise.allSettled([trigger.poll.call(context)]);
		if (result.status === 'rejected') {
			const isExpected = plan.failsAt !== null && requests >= plan.failsAt;
			if (!isExpected) throw result.reason as Error;
			expect(JSON.stringify(staticData)).toBe(before);
			continue;
		}
		const items = result.value?.[0].map(({ json }) => json) ?? null;
		const values = presentValues(current, { calls, balance: plan.balance, watched: watched! });
		const looksBack = isOfShares(current) && watched && !watched.hasLookedBack;
		const lookBack: Seen['knownUntil'] = (alarm) => knownUntil(current, calls, alarm);
		const seen = { values, isRestart, knownUntil: looksBack ? lookBack : undefined };
		const next = judge({ told, current, items }, seen);
		if (items && plan.isDiscarded && hasBudget && !isFirst) {
			load();
			// With other events since, this process no longer has what was not saved.
			if (next.about !== told.about && [next, told].some(({ about }) => about === ''))
				[told, isRestart] = [toldInSaved, true];
			continue;
		}
		if (looksBack) watched!.hasLookedBack = true;
		isRestart = false;
		told = next;
		if (items || (isActivating && !isDurable)) {
			saved = JSON.stringify(staticData);
			toldInSaved = told;
		}
		[isActivating, isFirst] = [false, false];
	}
}

/** @returns what the user has been told after a poll with these items */
function judge(
	{ told, current, items }: { told: Told; current: Rule; items: IDataObject[] | null },
	seen: Seen,
): Told {
	if (current.event === 'callEnded') return nothingTold();
	const { told: next, news } = tell(told, current, seen);
	const { threshold, event } = current;
	const kinds = [...new Set(news.map(([kind]) => kind))].sort();
	for (const kind of kinds) outputs[`${event} ${kind}`] = (outputs[`${event} ${kind}`] ?? 0) + 1;
	if (kinds.length === 0) {
		// An assertion that holds takes as long as the poll.
		if (items) expect(items).toBeNull();
		return next;
	}
	expect(items!.map(({ state }) => state).sort()).toEqual(kinds);
	for (const item of items!) {
		const groups = news.filter(([kind]) => kind === item.state).map(([, group]) => group);
		const values = groups
			.map((group) => seen.values.get(group)!.value)
			.sort((a, b) => (isBelow(current) ? a - b : b - a));
		expect(item).toMatchObject({ threshold });
		expectRounded(item.value ?? item.balance, values[0]);
		if (!perGroup(current)) continue;
		const listed = item.groups as Array<{ group: string; value: number }>;
		expect(listed.map(({ group }) => group).sort()).toEqual(groups.sort());
		listed.forEach(({ value }, index) => expectRounded(value, values[index]));
	}
	return next;
}

/** With two digits, 59.375 may be 59.37 or 59.38. */
function expectRounded(value: unknown, exact: number): void {
	expect(Math.abs(Number(value) - exact)).toBeLessThan(0.0051);
}

test(`alarms are raised, repeated and cleared as a plain reading of the whole history says, in ${runs(1000)} histories (FC_SEED=${SEED})`, async () => {
	await fc.assert(fc.asyncProperty(history, live), { numRuns: 1000, seed: SEED });
	// Where nothing ever happens, nothing is tested. A quick run is too short to tell.
	const events = [
		'thresholdCrossed raised',
		'thresholdCrossed cleared',
		'thresholdCrossed reminder',
		'balanceLow raised',
		'balanceLow cleared',
	];
	if (runs(1000) >= 1000) for (const event of events) expect(outputs).toHaveProperty([event]);
});
