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

/** Times in seconds; `submitS` counts from the epoch, the others from the one before. */
interface CallPlan {
	submitS: number;
	endedAfterS: number;
	listedAfterS: number;
	code: '200' | '486';
}

interface Rule {
	event: 'thresholdCrossed' | 'balanceLow';
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
	calls: CallPlan[];
	polls: PollPlan[];
	rule: Rule;
	/** Each poll has a new workflow object, and the state of a poll without items is not saved. */
	isDurable: boolean;
	hasBudget: boolean;
}

const rule: { [Name in keyof Rule]: fc.Arbitrary<Rule[Name]> } = {
	event: fc.constantFrom('thresholdCrossed', 'thresholdCrossed', 'thresholdCrossed', 'balanceLow'),
	metric: fc.constantFrom('failureRate', 'failures', 'calls'),
	condition: fc.constantFrom('above', 'below'),
	threshold: fc.constantFrom(1, 2, 50),
	distance: fc.constantFrom(0, 0, 1),
	windowMinutes: fc.constantFrom(1, 10, 60),
	minimumCalls: fc.constantFrom(1, 2, 4),
	notifyWhenCleared: fc.boolean(),
	filters: fc.record({ meaning: fc.constantFrom(0, 1), spelling: fc.nat(2) }),
};

const history: fc.Arbitrary<History> = fc.record({
	calls: fc.array(
		fc.record({
			submitS: fc.integer({ min: -4000, max: 8000 }),
			endedAfterS: fc.oneof(fc.nat(100), fc.nat(8000)),
			listedAfterS: fc.oneof(fc.constant(0), fc.nat(3000)),
			code: fc.constantFrom<Array<'200' | '486'>>('200', '486'),
		}),
		{ maxLength: 15 },
	),
	polls: fc.array(
		fc.record({
			gapS: fc.oneof(
				{ weight: 4, arbitrary: fc.nat(300) },
				{ weight: 2, arbitrary: fc.nat(3000) },
				{ weight: 1, arbitrary: fc.nat(90_000) },
			),
			failsAt: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 4 }),
			isOverlapped: fc.boolean(),
			begin: fc.constantFrom(null, null, 'restart', 'publication'),
			isDiscarded: fc.boolean(),
			edit: fc.option(fc.record(rule, { requiredKeys: [] }), { freq: 4 }),
			balance: fc.constantFrom(0, 1, 2, 3, 50, 51),
		}),
		{ minLength: 1, maxLength: 15 },
	),
	rule: fc.record(rule),
	isDurable: fc.boolean(),
	hasBudget: fc.boolean(),
});

const clock = useTestClock(EPOCH_S * 1000);
let nodes = 0;

const isBelow = ({ event, condition }: Rule) => event === 'balanceLow' || condition === 'below';
const clearAtOf = (one: Rule) => one.threshold + (isBelow(one) ? one.distance : -one.distance);

/** The value at a moment, straight from what has happened; `null` where the alarm does not change. */
function valueAt(nowS: number, one: Rule, { calls, balance }: { calls: CallPlan[]; balance: number }) {
	if (one.event === 'balanceLow') return balance;
	const windowS = one.windowMinutes * 60;
	const counted = calls.filter(({ submitS, endedAfterS, listedAfterS }) => {
		const endS = EPOCH_S + submitS + endedAfterS;
		const isListed = endS + listedAfterS <= nowS;
		const isFound = EPOCH_S + submitS > nowS - windowS - LOOKBACK_S;
		return isListed && isFound && endS > nowS - windowS && endS <= nowS;
	});
	const failures = counted.filter(({ code }) => code !== '200').length;
	if (one.metric === 'calls') return counted.length;
	if (counted.length < one.minimumCalls) return null;
	if (one.metric === 'failures') return failures;
	return counted.length === 0 ? null : Math.round((failures / counted.length) * 10_000) / 100;
}

/** What the user was told last, or would have been told. */
interface Told {
	isRaised: boolean;
	about: string;
	filters: number;
}

/** The alarm after a value. */
function tell(told: Told, one: Rule, value: number | null): Told {
	const about = one.event === 'balanceLow' ? one.event : `${one.metric} ${one.condition}`;
	const filters = one.event === 'balanceLow' ? 0 : one.filters.meaning;
	if (value === null) return told;
	const isKnown = told.isRaised && told.about === about;
	const holds = isBelow(one) ? value < one.threshold : value > one.threshold;
	const isOver = isBelow(one) ? value >= clearAtOf(one) : value <= clearAtOf(one);
	if (holds && !(isKnown && told.filters === filters)) return { isRaised: true, about, filters };
	return isOver && isKnown ? { isRaised: false, about, filters } : told;
}

/** Calls as the list shows them at the present. */
function datasetOf(calls: CallPlan[]): Dataset {
	const present = () =>
		listDataset(
			calls.flatMap(({ submitS, endedAfterS, listedAfterS, code }, index) => {
				const endS = EPOCH_S + submitS + endedAfterS;
				if ((endS + listedAfterS) * 1000 > clock.ms) return [];
				const submitTime = wireTime((EPOCH_S + submitS) * 1000);
				const ended = { hangupTime: wireTime(endS * 1000), terminationCode: code };
				return [{ voiceId: String(index), code: 'Area(One)', submitTime, callTime: submitTime, ...ended }];
			}),
		);
	return {
		count: (query) => present().count(query),
		slice: (...query) => present().slice(...query),
		get: (voiceId) => present().get(voiceId),
		add: () => {},
	};
}

/** Lets a history happen to the trigger, and compares each poll with the plain rule. */
async function live({ calls, polls, isDurable, hasBudget, ...one }: History): Promise<void> {
	const trigger = new ItniotechTrigger();
	const credential = { ...DEMO_CREDENTIAL, baseUrl: 'http://service' };
	const { authenticate } = new ItniotechApi();
	const behaviour = { ...DEFAULT_BEHAVIOUR };
	const service = new Service(DEMO_CREDENTIAL, () => clock.ms, behaviour, datasetOf(calls));
	let current = one.rule;
	let nodeId = `alarm ${++nodes}`;
	let saved = '{}';
	let staticData: IDataObject = {};
	const load = () => {
		staticData = ObservableObject.create(JSON.parse(saved) as IDataObject) as IDataObject;
	};
	load();

	const contextOf = (beforeAnswer: () => Promise<boolean>) => {
		const { threshold, filters, notifyWhenCleared, distance, ...rest } = current;
		const spellings = AREAS[filters.meaning];
		const clearAt = distance > 0 ? { clearAt: clearAtOf(current) } : {};
		const parameters: IDataObject = {
			...rest,
			threshold,
			filters: spellings[filters.spelling % spellings.length],
			options: { notifyWhenCleared, pageSize: 3, ...clearAt },
		};
		const request = async (_type: string, options: Parameters<typeof authenticate>[1]) => {
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
		return {
			getMode: () => 'trigger',
			getNode: () => ({ id: nodeId, name: 'ITNIO TECH Trigger', parameters }) as unknown as INode,
			getWorkflow: () => ({ id: 'model' }),
			getTimezone: () => 'Asia/Singapore',
			getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
			getCredentials: async () => credential,
			getWorkflowStaticData: () => staticData,
			getPollBudgetMs: hasBudget ? () => 300_000 : undefined,
			logger: { debug: () => {}, warn: log, error: log },
			helpers: { httpRequestWithAuthentication: request },
		} as unknown as IPollFunctions;
	};

	const nothing: Told = { isRaised: false, about: '', filters: 0 };
	let [told, toldInSaved] = [nothing, nothing];
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
		const context = contextOf(async () => {
			requests++;
			if (plan.isOverlapped && requests === 1) {
				expect(await trigger.poll.call(contextOf(async () => false))).toBeNull();
			}
			return requests === plan.failsAt;
		});
		const before = JSON.stringify(staticData);
		const [result] = await Promise.allSettled([trigger.poll.call(context)]);
		if (result.status === 'rejected') {
			expect({
				unexpected: plan.failsAt !== null && requests >= plan.failsAt ? null : result.reason,
			}).toEqual({
				unexpected: null,
			});
			expect(JSON.stringify(staticData)).toBe(before);
			continue;
		}
		const value = valueAt(Math.floor(clock.ms / 1000), current, { calls, balance: plan.balance });
		const next = tell(told, current, value);
		const isOutput = next !== told && (next.isRaised || current.notifyWhenCleared);
		const items = result.value?.[0].map(({ json }) => json) ?? null;
		const expected = { state: next.isRaised ? 'raised' : 'cleared', threshold: current.threshold };
		const valueName = current.event === 'balanceLow' ? 'balance' : 'value';
		if (isOutput) expect(items).toEqual([expect.objectContaining({ ...expected, [valueName]: value })]);
		else expect(items).toBeNull();
		if (isOutput && plan.isDiscarded && hasBudget && !isFirst) {
			load();
			continue;
		}
		told = next;
		if (isOutput || (isActivating && !isDurable)) {
			saved = JSON.stringify(staticData);
			toldInSaved = told;
		}
		[isActivating, isFirst] = [false, false];
	}
}

test(`each alarm is raised once and cleared once, in ${runs(1000)} histories (FC_SEED=${SEED})`, async () => {
	await fc.assert(fc.asyncProperty(history, live), { numRuns: runs(1000), seed: SEED });
}, 120_000);
