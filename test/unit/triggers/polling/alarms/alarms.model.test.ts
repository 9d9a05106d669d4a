/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';

import fc from 'fast-check';
import { ObservableObject, type IDataObject, type INode, type IPollFunctions } from 'n8n-workflow';

import { ItniotechApi } from '../../../../../credentials/ItniotechApi.credentials';
import { ItniotechTrigger } from '../../../../../nodes/Itniotech/ItniotechTrigger.node';
import { DEFAULT_BEHAVIOUR } from '../../../../simulator/behaviour';
import { listDataset, type Dataset } from '../../../../simulator/dataset';
import { wireTime } from '../../../../simulator/records';
import { Service } from '../../../../simulator/service';
import { DEMO_CREDENTIAL } from '../../../../simulator/simulator';
import { runs } from '../../../../support/runs';
import { useTestClock } from '../../../../support/testClock';

const SEED = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
const EPOCH_S = Date.parse('2026-11-20T08:00:00Z') / 1000;
/** The default look-back, with what a clock may be off. */
const LOOKBACK_S = 3660;
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
}

/** In Unix seconds. */
interface Call {
	submitS: number;
	endS: number;
	listedS: number;
	code: CallPlan['code'];
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
	metric: fc.constantFrom('failureRate', 'failures', 'calls'),
	condition: fc.constantFrom('above', 'above', 'below'),
	threshold: fc.constantFrom(1, 2, 50),
	distance: fc.constantFrom(0, 0, 1),
	windowMinutes: fc.constantFrom(5, 60),
	minimumCalls: fc.constantFrom(1, 2, 4),
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
				{ weight: 4, arbitrary: fc.nat(300) },
				{ weight: 2, arbitrary: fc.nat(3000) },
				{ weight: 1, arbitrary: fc.nat(90_000) },
			),
			calls: fc.array(
				fc.record({
					endedBeforeS: fc.nat(400),
					durationS: often(30, fc.nat(8000)),
					listedAfterS: often(0, fc.nat(3000)),
					code: fc.constantFrom<Array<'200' | '486'>>('200', '486'),
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
		{ minLength: 1, maxLength: 15 },
	),
	rule: fc.record(rule),
	isDurable: fc.boolean(),
	hasBudget: fc.boolean(),
	listsOngoingCalls: fc.boolean(),
	hasDuplicates: fc.boolean(),
});

const clock = useTestClock(EPOCH_S * 1000);
let nodes = 0;
/** How many items of each kind all histories had. */
const outputs: Record<string, number> = {};

const isBelow = ({ event, condition }: Rule) => event === 'balanceLow' || condition === 'below';
const clearAtOf = (one: Rule) => one.threshold + (isBelow(one) ? one.distance : -one.distance);

/** The value at the present, straight from what has happened; `null` where the alarm does not change. */
function presentValue(one: Rule, { calls, balance }: { calls: Call[]; balance: number }): number | null {
	if (one.event === 'balanceLow') return balance;
	const nowS = Math.floor(clock.ms / 1000);
	const fromS = nowS - one.windowMinutes * 60;
	const counted = calls.filter(
		({ submitS, endS, listedS }) => listedS <= nowS && submitS > fromS - LOOKBACK_S && endS > fromS,
	);
	const failures = counted.filter(({ code }) => code !== '200').length;
	if (one.metric === 'calls') return counted.length;
	if (counted.length < one.minimumCalls) return null;
	if (one.metric === 'failures') return failures;
	return Math.round((failures / counted.length) * 10_000) / 100;
}

/** What the user was told last, or would have been told. */
interface Told {
	isRaised: boolean;
	about: string;
	filters: number;
}

const NOTHING: Told = { isRaised: false, about: '', filters: 0 };

/** What the user is to be told after a value: `isNews` where it differs. */
function tell(last: Told, one: Rule, value: number | null): Told & { isNews: boolean } {
	const about = one.event === 'balanceLow' ? one.event : `${one.metric} ${one.condition}`;
	const filters = one.event === 'balanceLow' ? 0 : one.filters.meaning;
	const told = last.about === about ? last : { ...NOTHING, about };
	const same = { ...told, isNews: false };
	if (value === null) return same;
	const holds = isBelow(one) ? value < one.threshold : value > one.threshold;
	const isOver = isBelow(one) ? value >= clearAtOf(one) : value <= clearAtOf(one);
	const isTold = told.isRaised && told.filters === filters;
	if (holds) return isTold ? same : { isRaised: true, about, filters, isNews: true };
	return isOver && told.isRaised ? { isRaised: false, about, filters, isNews: true } : same;
}

/** Calls as the list shows them at the present. */
function datasetOf(calls: Call[], { listsOngoingCalls }: History): Dataset {
	const present = () =>
		listDataset(
			calls.flatMap(({ submitS, endS, listedS, code }, index) => {
				const nowS = clock.ms / 1000;
				const hasEnded = listedS <= nowS;
				if (!hasEnded && !(listsOngoingCalls && submitS <= nowS)) return [];
				const submitTime = wireTime(submitS * 1000);
				const end = hasEnded ? { hangupTime: wireTime(endS * 1000), terminationCode: code } : {};
				return [{ voiceId: String(index), code: 'Area(One)', submitTime, callTime: submitTime, ...end }];
			}),
		);
	return {
		count: (query) => present().count(query),
		slice: (...query) => present().slice(...query),
		get: (voiceId) => present().get(voiceId),
		add: () => {},
	};
}

function callsOf(polls: PollPlan[]): Call[] {
	let pollS = EPOCH_S;
	return polls.flatMap(({ gapS, calls }) => {
		pollS += gapS;
		return calls.map(({ endedBeforeS, durationS, listedAfterS, code }) => {
			const endS = pollS - endedBeforeS;
			return { submitS: endS - durationS, endS, listedS: endS + listedAfterS, code };
		});
	});
}

function parametersOf({ filters, notifyWhenCleared, distance, ...rest }: Rule): IDataObject {
	const spellings = AREAS[filters.meaning];
	const clearAt =
		distance > 0 ? { clearAt: clearAtOf({ filters, notifyWhenCleared, distance, ...rest }) } : {};
	return {
		...rest,
		output: 'eachRecord',
		filters: spellings[filters.spelling % spellings.length],
		options: { notifyWhenCleared, pageSize: 20, ...clearAt },
	};
}

/** Called for each request; `true` refuses it. */
type BeforeAnswer = () => Promise<boolean>;

/** n8n without its HTTP: the credential signs, and the simulated service answers in the same process. */
function createContexts(one: History, calls: Call[]) {
	const credential = { ...DEMO_CREDENTIAL, baseUrl: 'http://service' };
	const { authenticate } = new ItniotechApi();
	const behaviour = {
		...DEFAULT_BEHAVIOUR,
		listsOngoingCalls: true,
		listedTwice: one.hasDuplicates
			? calls.map((_, index) => String(index)).filter((id) => +id % 3 === 0)
			: [],
	};
	const service = new Service(DEMO_CREDENTIAL, () => clock.ms, behaviour, datasetOf(calls, one));
	const requestWith =
		(beforeAnswer: BeforeAnswer) => async (_type: string, options: Parameters<typeof authenticate>[1]) => {
			const signed = await authenticate(credential, options);
			const entries = Object.entries(signed.headers ?? {});
			const headers = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
			const date = new Date(clock.ms).toUTCString();
			if (await beforeAnswer())
				return { statusCode: 200, headers: { date }, body: '{"status":"-1","reason":""}' };
			const sent = { ...signed, headers } as unknown as Parameters<Service['answer']>[0];
			const { httpStatus, body } = service.answer(sent, 1);
			return { statusCode: httpStatus, headers: { date }, body };
		};
	const log = (text: string) => {
		throw new Error(text);
	};
	const createContext = (
		{ nodeId, staticData, current }: { nodeId: string; staticData: IDataObject; current: Rule },
		beforeAnswer: BeforeAnswer,
	) => {
		const parameters = parametersOf(current);
		return {
			getMode: () => 'trigger',
			getActivationMode: () => 'activate',
			getNode: () => ({ id: nodeId, name: 'ITNIO TECH Trigger', parameters }) as unknown as INode,
			getWorkflow: () => ({ id: 'model' }),
			getTimezone: () => 'Asia/Singapore',
			getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
			getCredentials: async () => credential,
			getWorkflowStaticData: () => staticData,
			getPollBudgetMs: one.hasBudget ? () => 300_000 : undefined,
			logger: { debug: () => {}, warn: log, error: log },
			helpers: { httpRequestWithAuthentication: requestWith(beforeAnswer) },
		} as unknown as IPollFunctions;
	};
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
	let [told, toldInSaved] = [NOTHING, NOTHING];
	let [isActivating, isFirst] = [true, true];
	clock.ms = EPOCH_S * 1000;
	for (const plan of polls) {
		clock.ms += plan.gapS * 1000;
		current = { ...current, ...plan.edit };
		behaviour.balance = String(plan.balance);
		isActivating ||= plan.begin !== null;
		if (plan.begin || isDurable) load();
		if (plan.begin === 'restart') {
			nodeId = `alarm ${++nodes}`;
			told = toldInSaved;
		}
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
			expect({ unexpected: isExpected ? null : (result.reason as unknown) }).toEqual({ unexpected: null });
			expect(JSON.stringify(staticData)).toBe(before);
			continue;
		}
		const items = result.value?.[0].map(({ json }) => json) ?? null;
		const next = judge({ told, current, items }, presentValue(current, { calls, balance: plan.balance }));
		if (items && plan.isDiscarded && hasBudget && !isFirst) {
			load();
			// With other events since, this process no longer has what was not saved.
			if (next.about !== told.about && [next, told].some(({ about }) => about === '')) told = toldInSaved;
			continue;
		}
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
	value: number | null,
): Told {
	if (current.event === 'callEnded') return NOTHING;
	const { isNews, ...next } = tell(told, current, value);
	const { threshold, event } = current;
	const state = next.isRaised ? 'raised' : 'cleared';
	const isOutput = isNews && (next.isRaised || current.notifyWhenCleared);
	const kind = isOutput ? `${event} ${state}` : 'none';
	outputs[kind] = (outputs[kind] ?? 0) + 1;
	if (!isOutput) expect(items).toBeNull();
	else {
		const valueName = event === 'balanceLow' ? 'balance' : 'value';
		expect(items).toEqual([expect.objectContaining({ state, threshold, [valueName]: value })]);
	}
	return next;
}

test(`each alarm is raised once and cleared once, in ${runs(1000)} histories (FC_SEED=${SEED})`, async () => {
	await fc.assert(fc.asyncProperty(history, live), { numRuns: runs(1000), seed: SEED });
	// Where nothing ever happens, nothing is tested. A quick run is too short to tell.
	const events = [
		'thresholdCrossed raised',
		'thresholdCrossed cleared',
		'balanceLow raised',
		'balanceLow cleared',
	];
	if (runs(1000) >= 1000) for (const event of events) expect(outputs).toHaveProperty([event]);
}, 120_000);
