/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import type { Readable } from 'node:stream';
import fc from 'fast-check';
import { ObservableObject, type IDataObject, type INodeParameters, type IPollFunctions } from 'n8n-workflow';

import { ItniotechTrigger } from '../../nodes/Itniotech/ItniotechTrigger.node';
import { observePoll } from '../../nodes/Itniotech/triggers/restart';
import type { Checkpoint } from '../../nodes/Itniotech/triggers/polling/checkpoint';
import { DEFAULT_BEHAVIOUR, type Behaviour } from '../simulator/behaviour';
import type { Dataset } from '../simulator/dataset';
import { Service } from '../simulator/service';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import { createPollContext, REFUSED } from '../support/pollContext';
import { useTestClock } from '../support/testClock';
import { HOUR_MS, NOW_MS } from '../support/times';
import {
	Call,
	callPlan,
	historyDataset,
	verdict,
	type CallPlan,
	type EventName,
} from './support/callHistory';
import { createPollContext as createEngineContext } from './support/engine';

/** n8n 2.41 sets it. */
const BUDGET_MS = 300_000;

/** One poll of the history, and what befalls it. */
interface PollPlan {
	/** Seconds since the poll before. */
	gapS: number;
	/** This request of the poll is refused, counted from 1. */
	failsAt: number | null;
	/** While this request waits for its answer, another poll of the node begins. */
	overlapsAt: number | null;
	/** n8n was started again since the poll before, or the workflow published again, with the state that was saved. */
	begin: 'restart' | 'publication' | null;
	/** The workflow is published again while the poll runs: n8n 2.41 discards its items. */
	isDiscarded: boolean;
	/** The user has edited the filters: to the same meaning, or to another one that all calls meet too. */
	edit: 'same' | 'other' | null;
	/** The clock of the server has been set: the service's minus the server's. */
	skewMs: number | null;
	/** The user has set the look-back to this many minutes. */
	lookback: number | null;
}

type Befalling = Partial<PollPlan> & { isOverlapping?: boolean };

interface History {
	calls: CallPlan[];
	polls: PollPlan[];
	event: EventName;
	lookback: number;
	pageSize: number;
	/** 0: each record; else a digest of this many failures. */
	minimumFailures: number;
	/** How long the service takes for a request. */
	requestMs: number;
	/** Each poll has a new workflow object, and the state of a poll without items is not saved, as with n8n's scheduler. */
	isDurable: boolean;
	/** n8n 2.41 sets a budget; older ones output the items of every poll. */
	hasBudget: boolean;
	/** So many calls more are counted than are listed. */
	excess: number;
	service: Pick<
		Behaviour,
		'order' | 'rangeFilter' | 'endsInclusive' | 'searchCount' | 'emptyFields' | 'pastTheEnd' | 'duplicateRows'
	>;
}

const requestNumber = fc.option(fc.integer({ min: 1, max: 6 }), { freq: 3 });

const history: fc.Arbitrary<History> = fc.record({
	calls: fc.array(callPlan, { minLength: 1, maxLength: 12 }),
	polls: fc.array(
		fc.record({
			gapS: fc.oneof(
				{ weight: 4, arbitrary: fc.integer({ min: 0, max: 120 }) },
				{ weight: 3, arbitrary: fc.integer({ min: 0, max: 4000 }) },
				{ weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * 86_400 }) },
			),
			failsAt: requestNumber,
			overlapsAt: requestNumber,
			begin: fc.constantFrom(null, 'restart', 'publication'),
			isDiscarded: fc.boolean(),
			edit: fc.option(fc.constantFrom<Array<'same' | 'other'>>('same', 'other'), { freq: 3 }),
			skewMs: fc.option(fc.constantFrom(0, 7_200_000, -7_200_000, 90_000, -90_000, 50_000, -50_000), {
				freq: 3,
			}),
			lookback: fc.option(fc.constantFrom(1, 10, 60), { freq: 5 }),
		}),
		{ maxLength: 12 },
	),
	event: fc.constantFrom('callFailed', 'callEnded', 'callAnswered', 'keyPressed'),
	lookback: fc.constantFrom(10, 1, 60),
	pageSize: fc.constantFrom(100, 1, 3),
	minimumFailures: fc.constantFrom(0, 1, 3),
	requestMs: fc.constantFrom(0, 0, 700, 9_000),
	isDurable: fc.boolean(),
	hasBudget: fc.boolean(),
	excess: fc.constantFrom(0, 0, 1, 7),
	service: fc.record({
		order: fc.constantFrom('newestFirst', 'oldestFirst', 'none'),
		rangeFilter: fc.constantFrom('submitTime', 'callTime'),
		endsInclusive: fc.boolean(),
		searchCount: fc.boolean(),
		emptyFields: fc.constantFrom('null', 'emptyText', 'absent'),
		pastTheEnd: fc.constantFrom('empty', 'error', 'lastPage'),
		duplicateRows: fc.boolean(),
	}),
});

/** Called for each request before it is answered; `true` refuses it. */
type BeforeAnswer = () => Promise<boolean>;

interface PollCircumstances {
	/** The process of n8n remembers the trigger by it. */
	nodeId: string;
	staticData: IDataObject;
	parameters: IDataObject;
	hasBudget: boolean;
	beforeAnswer: BeforeAnswer;
}

type CreateContext = (circumstances: PollCircumstances) => Promise<IPollFunctions>;

const clock = useTestClock(NOW_MS);
/** The service's clock minus the server's. */
let skewMs = 0;
const serviceMs = () => clock.ms + skewMs;
const serviceS = () => Math.floor(serviceMs() / 1000);
const setSkew = (ms: number) => {
	clock.ms += skewMs - ms;
	skewMs = ms;
};

let processes = 0;
const SAME_FILTERS: IDataObject[][] = [
	[{}, { area: '' }, { outcome: 'all' }, { terminationCode: ' ', minDuration: 0 }],
	[{ area: '(' }, { area: ' ( ' }, { area: '(', outcome: 'all' }],
];
const KNOWN_LOG = /clock of this n8n server|call records but list|The next poll reads on|no longer followed/;
const log = (text: string) => {
	if (!KNOWN_LOG.test(text)) throw new Error(text);
};

/** Lets a history happen to the trigger, and returns what it output. */
async function live(one: History, calls: Call[], createContext: CreateContext) {
	const trigger = new ItniotechTrigger();
	const given: IDataObject[] = [];
	const digests: Array<{ digest: IDataObject; isRefused: boolean }> = [];
	let saved = '{}';
	let staticData: IDataObject = {};
	const load = () => {
		const data = JSON.parse(saved) as IDataObject;
		staticData = ObservableObject.create(data) as IDataObject;
	};
	load();
	let { lookback } = one;
	let shortest = lookback;
	let activatedS: number | undefined;
	let isActivating = true;
	let { requestMs } = one;
	let nodeId = `process ${++processes}`;
	let [meaning, spelling] = [0, 0];
	let isEdited = false;

	const poll = async ({ failsAt, overlapsAt, isOverlapping, isDiscarded }: Befalling): Promise<boolean> => {
		let requests = 0;
		const isRefused = () => typeof failsAt === 'number' && requests >= failsAt;
		const beforeAnswer = async () => {
			clock.ms += requestMs;
			const request = ++requests;
			if (request === overlapsAt) await poll({ isOverlapping: true });
			return request === failsAt;
		};
		const spellings = SAME_FILTERS[meaning];
		const parameters = {
			event: one.event,
			output: one.minimumFailures > 0 ? 'digest' : 'eachRecord',
			minimumFailures: Math.max(1, one.minimumFailures),
			simplify: true,
			filters: spellings[spelling % spellings.length],
			options: { lookback, pageSize: one.pageSize },
		};
		if (one.isDurable && !isOverlapping) load();
		const { hasBudget } = one;
		const context = await createContext({ nodeId, staticData, parameters, hasBudget, beforeAnswer });
		// n8n has one context for all polls of a registration.
		if (!isActivating) observePoll(context, 'the polls before', true);
		const before = JSON.stringify(staticData);
		const startedS = serviceS();
		const startedMs = clock.ms;
		// With the first poll of a registration, n8n waits, so it sends no request that late.
		const isTooLate = () => isActivating && clock.ms - startedMs > 40_000;
		try {
			const result = await trigger.poll.call(context);
			const items = result?.[0].map(({ json }) => json) ?? [];
			if (isDiscarded && activatedS !== undefined && hasBudget) {
				load();
				return false;
			}
			if (one.minimumFailures > 0)
				digests.push(...items.map((digest) => ({ digest, isRefused: isRefused() || isTooLate() })));
			else given.push(...items);
			const isSavedAnyway = isActivating && !isOverlapping && !one.isDurable;
			if (result !== null || isSavedAnyway) saved = JSON.stringify(staticData);
			if (!isOverlapping) {
				activatedS ??= startedS;
				isActivating = false;
			}
			return true;
		} catch (error) {
			expect({ unexpected: isRefused() || isTooLate() ? undefined : error }).toEqual({});
			expect(JSON.stringify(staticData)).toBe(before);
			// A service that is too slow to publish with is not for good.
			if (isTooLate()) requestMs = 0;
			return false;
		}
	};

	skewMs = 0;
	clock.ms = NOW_MS;
	for (const plan of one.polls) {
		clock.ms += plan.gapS * 1000;
		setSkew(plan.skewMs ?? skewMs);
		if (plan.begin) load();
		isActivating ||= plan.begin !== null;
		// A process that begins without a state is a new trigger.
		if (plan.begin === 'restart' && saved !== '{}') nodeId = `process ${++processes}`;
		lookback = plan.lookback ?? lookback;
		shortest = Math.min(shortest, lookback);
		if (plan.edit === 'same') spelling++;
		if (plan.edit === 'other') meaning = 1 - meaning;
		isEdited ||= plan.edit === 'other';
		await poll(plan);
	}
	const lastS = Math.max(...calls.flatMap(({ versions }) => versions.map(({ fromS }) => fromS)));
	clock.ms = Math.max(serviceMs(), lastS * 1000) + 1000 - skewMs;
	let checkpoint: Checkpoint | undefined;
	// The catch-up that is under way may have passed a call that has shown up since, so there must be one more. Not every
	// poll looks for every open call, so those take more polls.
	const mayFindOpen = (polls: number) => checkpoint?.openCalls !== '' && polls < 300;
	for (let [polls, rounds] = [0, 0]; rounds < 2 || mayFindOpen(polls); polls++) {
		const isRead = await poll({});
		checkpoint = staticData.checkpoint as Checkpoint | undefined;
		if (isRead && checkpoint?.catchUpStartS === 0) rounds++;
		if (polls > 1000) throw new Error('The trigger never catches up');
		// Timers fire some milliseconds late.
		clock.ms += (polls < 60 ? 60_000 : 3_600_000) + ((polls * 37) % 101);
	}
	const clockErrorS = one.polls.some((plan) => plan.skewMs) ? 61 : 0;
	return { given, digests, checkpoint, activatedS, lookbackS: shortest * 60, clockErrorS, isEdited };
}

async function judge(one: History, createContext: (calls: Call[]) => CreateContext): Promise<void> {
	const calls = one.calls.map((plan, index) => new Call(plan, index));
	const { given, digests, checkpoint, activatedS, ...run } = await live(one, calls, createContext(calls));
	const { event, service } = one;
	const circumstances = {
		event,
		field: service.rangeFilter,
		startS: activatedS ?? 0,
		isFirstPollWhole: one.requestMs === 0,
		...run,
	};
	const ids = (...verdicts: string[]) =>
		calls.filter((call) => verdicts.includes(verdict(call, circumstances))).map(({ voiceId }) => voiceId);
	const [must, may] = [ids('must'), ids('must', 'may')];

	const emitted = given.map(({ voiceId }) => String(voiceId));
	expect(emitted).toEqual([...new Set(emitted)]);
	if (one.minimumFailures === 0) {
		expect({ lost: must.filter((id) => !emitted.includes(id)) }).toEqual({ lost: [] });
		expect({ invented: emitted.filter((id) => !may.includes(id)) }).toEqual({ invented: [] });
		return;
	}
	const sum = (field: 'matches' | 'failures' | 'calls') =>
		digests.reduce((total, { digest }) => total + Number(digest[field]), checkpoint?.tally[field] ?? 0);
	expect(sum('matches')).toBeGreaterThanOrEqual(must.length);
	expect(sum('matches')).toBeLessThanOrEqual(may.length);
	if (event === 'callFailed') expect(sum('failures')).toBe(sum('matches'));
	for (const { digest, isRefused } of digests) {
		const [matches, failures, all] = [digest.matches, digest.failures, digest.calls].map(Number);
		expect(matches).toBeGreaterThanOrEqual(event === 'callFailed' ? one.minimumFailures : 1);
		expect(all).toBeGreaterThanOrEqual(Math.max(failures, matches));
		const samples = samplesOf(digest).length;
		if (isRefused) expect(samples).toBeLessThanOrEqual(Math.min(10, matches));
		else expect(samples).toBe(Math.min(10, matches));
	}
	const samples = digests.flatMap(({ digest }) => samplesOf(digest)).map(({ voiceId }) => String(voiceId));
	expect(samples).toEqual([...new Set(samples)]);
	expect({ invented: samples.filter((id) => !may.includes(id)) }).toEqual({ invented: [] });
}

/** Calls as the service lists them, and more in its counts. */
function datasetOf(calls: Call[], { excess }: History): Dataset {
	const dataset = historyDataset(calls, serviceS);
	return { ...dataset, count: (query) => dataset.count(query) + excess };
}

/** Without n8n and HTTP: the simulated service answers in the same process. */
function inProcess(one: History): (calls: Call[]) => CreateContext {
	return (calls) => {
		const service = new Service(
			DEMO_CREDENTIAL,
			serviceMs,
			{ ...DEFAULT_BEHAVIOUR, listsOngoingCalls: true, ...one.service },
			datasetOf(calls, one),
		);
		return async ({ hasBudget, beforeAnswer, ...circumstances }) =>
			createPollContext(service, {
				...circumstances,
				budgetMs: hasBudget ? BUDGET_MS : undefined,
				isRefused: beforeAnswer,
				log,
			});
	};
}

/** n8n's own context of a poll, its HTTP, the built credential, and the simulated service on a port. */
function overHttp(simulator: Simulator, one: History): (calls: Call[]) => CreateContext {
	const credential = { ...DEMO_CREDENTIAL, baseUrl: simulator.url };
	return (calls) => {
		simulator.resetStats();
		simulator.dataset = datasetOf(calls, one);
		simulator.behaviour = { ...DEFAULT_BEHAVIOUR, listsOngoingCalls: true, ...one.service };
		return async ({ nodeId, staticData, parameters, hasBudget, beforeAnswer }) => {
			const { context } = await createEngineContext({
				credential,
				nodeId,
				parameters: parameters as INodeParameters,
				budgetMs: hasBudget ? BUDGET_MS : undefined,
			});
			const { helpers, logger } = context;
			for (const level of ['warn', 'error'] as const) jest.spyOn(logger, level).mockImplementation(log);
			const send = helpers.httpRequestWithAuthentication;
			return Object.assign(context, {
				getWorkflowStaticData: () => staticData,
				helpers: {
					...helpers,
					httpRequestWithAuthentication: async (...args: Parameters<typeof send>) => {
						const isRefused = await beforeAnswer();
						const answer = (await send.apply(context, args)) as { body: Readable };
						if (!isRefused) return answer;
						// This very request: another one may reach the simulator before it.
						answer.body.destroy();
						return { ...answer, body: REFUSED };
					},
				},
			});
		};
	};
}

// Making a counterexample small takes many more histories.
test(
	'the polling trigger outputs each call once, in random histories',
	async () => {
		await fc.assert(
			fc.asyncProperty(history, async (one) => await judge(one, inProcess(one))),
			{ numRuns: 1000 },
		);
	},
	HOUR_MS,
);

test(
	'the polling trigger outputs each call once, in n8n’s engine over HTTP',
	async () => {
		const simulator = await startSimulator({ now: serviceMs });
		try {
			await fc.assert(
				fc.asyncProperty(history, async (one) => await judge(one, overHttp(simulator, one))),
				{ numRuns: 50 },
			);
		} finally {
			await simulator.stop();
		}
	},
	HOUR_MS,
);

function samplesOf({ details }: IDataObject): IDataObject[] {
	return (details as IDataObject).samples as IDataObject[];
}
