import fc from 'fast-check';
import { ObservableObject, type IDataObject } from 'n8n-workflow';

import { ItniotechTrigger } from '../../nodes/Itniotech/ItniotechTrigger.node';
import { DEFAULT_BEHAVIOUR, type Behaviour } from '../simulator/behaviour';
import { listDataset } from '../simulator/dataset';
import { Service } from '../simulator/service';
import { DEMO_CREDENTIAL } from '../simulator/simulator';
import type { Task } from '../simulator/tasks/task';
import { createPollContext } from '../support/pollContext';
import { useTestClock } from '../support/testClock';
import { DAY_S, HOUR_MS, NOW_MS } from '../support/times';

/** A campaign as it goes. Seconds; `createdS` counts from about when the trigger is activated. */
interface CampaignPlan {
	createdS: number;
	/** From the creation to the time to call; 0: at once. */
	sendAfterS: number;
	/** How long it calls, in calls of one second. */
	calls: number;
	/** From the creation until somebody cancels it, or the service fails to start it. */
	cancelledAfterS: number | null;
	isFailing: boolean;
	/** From the creation until it is suspended, and from then until it goes on. */
	suspended: { afterS: number; forS: number } | null;
	/** From the creation until it is listed. */
	listedAfterS: number;
}

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
	/** The user has edited how campaigns are output. */
	isEdited: boolean;
	/** The clock of the server has been set: the service's minus the server's. */
	skewMs: number | null;
}

interface History {
	campaigns: CampaignPlan[];
	polls: PollPlan[];
	/** How long the service takes for a request. */
	requestMs: number;
	/** Each poll has a new workflow object, and the state of a poll without items is not saved, as with n8n's scheduler. */
	isDurable: boolean;
	/** n8n 2.41 sets a budget; older ones output the items of every poll. */
	hasBudget: boolean;
	service: Partial<Behaviour>;
}

const requestNumber = fc.option(fc.integer({ min: 1, max: 5 }), { freq: 3 });
const within = (max: number) =>
	fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max }));

const history: fc.Arbitrary<History> = fc.record({
	campaigns: fc.array(
		fc.record({
			createdS: fc.oneof(
				fc.integer({ min: -600, max: 1200 }),
				fc.integer({ min: -20 * DAY_S, max: 5 * DAY_S }),
			),
			sendAfterS: within(10 * DAY_S),
			calls: fc.constantFrom(1, 2, 90),
			cancelledAfterS: fc.option(within(3 * DAY_S), { freq: 3 }),
			isFailing: fc.constantFrom(false, false, false, true),
			suspended: fc.option(fc.record({ afterS: within(DAY_S), forS: within(5 * DAY_S) }), { freq: 4 }),
			listedAfterS: within(23 * 3600),
		}),
		{ minLength: 1, maxLength: 8 },
	),
	polls: fc.array(
		fc.record({
			gapS: fc.oneof(
				{ weight: 4, arbitrary: fc.integer({ min: 0, max: 120 }) },
				{ weight: 3, arbitrary: fc.integer({ min: 0, max: 4000 }) },
				{ weight: 1, arbitrary: fc.integer({ min: 0, max: 5 * DAY_S }) },
			),
			failsAt: requestNumber,
			overlapsAt: requestNumber,
			begin: fc.constantFrom(null, null, 'restart', 'publication'),
			isDiscarded: fc.boolean(),
			isEdited: fc.boolean(),
			skewMs: fc.option(fc.constantFrom(0, 7_200_000, -7_200_000, 90_000, -90_000), { freq: 3 }),
		}),
		{ maxLength: 12 },
	),
	requestMs: fc.constantFrom(0, 0, 700, 2_000),
	isDurable: fc.boolean(),
	hasBudget: fc.boolean(),
	service: fc.record({
		order: fc.constantFrom('newestFirst', 'oldestFirst', 'none'),
		endsInclusive: fc.constantFrom<Array<Behaviour['endsInclusive']>>(true, false, 'start', 'end'),
		searchCount: fc.boolean(),
		emptyFields: fc.constantFrom('null', 'emptyText', 'absent'),
		emptyRecords: fc.constantFrom('list', 'null'),
		pastTheEnd: fc.constantFrom('empty', 'error', 'lastPage'),
		maxSize: fc.constantFrom(100, 1, 3),
		taskEnvelope: fc.constantFrom('code/msg', 'status/reason'),
		taskStatusAsNumber: fc.boolean(),
		taskIds: fc.constantFrom('number', 'text'),
		taskIdField: fc.constantFrom('jobId', 'taskId'),
		taskCountsAs: fc.constantFrom('number', 'text'),
		taskRangeFilter: fc.constantFrom('createdTime', 'sendTime'),
	}),
});

const clock = useTestClock(NOW_MS);
/** The service's clock minus the server's. */
let skewMs = 0;
const serviceMs = () => clock.ms + skewMs;
const setSkew = (ms: number) => {
	clock.ms += skewMs - ms;
	skewMs = ms;
};

let processes = 0;
const KNOWN_LOG = /clock of this n8n server|The next poll reads on|output without its details/;
const log = (text: string) => {
	if (!KNOWN_LOG.test(text)) throw new Error(text);
};

/** The service in which campaigns happen, each at its time. */
class CampaignService {
	readonly tasks = new Map<CampaignPlan, Task>();
	private readonly service: Service;
	private readonly happenings: Array<{ ms: number; happen(): void }> = [];
	private atMs = 0;

	constructor({ campaigns, service }: History) {
		const behaviour = { ...DEFAULT_BEHAVIOUR, ...service, failingTasks: /^failing/ };
		this.service = new Service(DEMO_CREDENTIAL, serviceMs, behaviour, listDataset([]));
		campaigns.forEach((plan, index) => this.schedule(plan, index));
		this.happenings.sort((a, b) => a.ms - b.ms);
	}

	get lastMs(): number {
		return Math.max(...this.happenings.map(({ ms }) => ms));
	}

	now(): number {
		return serviceMs();
	}

	answer(...request: Parameters<Service['answer']>) {
		this.advance(serviceMs());
		return this.service.answer(...request);
	}

	/** Lets everything happen that is due. */
	advance(nowMs: number): void {
		while (this.happenings[0]?.ms <= nowMs) {
			const { ms, happen } = this.happenings.shift()!;
			this.atMs = ms;
			this.service.tasks.advance({ ...this.service.context(), serviceNow: ms });
			happen();
		}
		this.service.tasks.advance({ ...this.service.context(), serviceNow: nowMs });
	}

	private schedule(plan: CampaignPlan, index: number): void {
		const createdMs = NOW_MS + plan.createdS * 1000;
		const at = (afterS: number, happen: () => void) =>
			this.happenings.push({ ms: createdMs + afterS * 1000, happen });
		const task = () => this.tasks.get(plan)!;
		at(0, () => {
			const order = {
				taskName: `${plan.isFailing ? 'failing' : 'campaign'} ${index}`,
				numbers: Array.from({ length: plan.calls }, (_, nth) => String(15_550_100 + nth)),
				sendMs: plan.sendAfterS === 0 ? undefined : createdMs + plan.sendAfterS * 1000,
			};
			const added = this.service.tasks.add(order, { ...this.service.context(), serviceNow: createdMs });
			added.listedFromMs = createdMs + plan.listedAfterS * 1000;
			this.tasks.set(plan, added);
		});
		if (plan.cancelledAfterS !== null) at(plan.cancelledAfterS, () => task().cancel(this.atMs));
		if (plan.suspended) {
			const { afterS, forS } = plan.suspended;
			at(afterS, () => task().toggleSuspended(this.atMs));
			at(afterS + forS, () => task().toggleSuspended(this.atMs));
		}
		// Long enough for all calls, and for the listing.
		at(plan.sendAfterS + (plan.suspended ? plan.suspended.afterS + plan.suspended.forS : 0) + 600, () => {});
		at(plan.listedAfterS, () => {});
	}
}

/** Lets a history happen to the trigger, and returns what it output. */
async function live(one: History, service: CampaignService) {
	const trigger = new ItniotechTrigger();
	const output: IDataObject[] = [];
	let saved = '{}';
	let staticData: IDataObject = {};
	const load = () => {
		staticData = ObservableObject.create(JSON.parse(saved) as IDataObject) as IDataObject;
	};
	load();
	let activated: { fromMs: number; toMs: number; open: Task[] } | undefined;
	let isActivating = true;
	let nodeId = `campaign process ${++processes}`;
	let simplify = true;
	let hasLostDetail = false;

	const poll = async (
		{ failsAt, overlapsAt, isDiscarded }: Partial<PollPlan>,
		isOverlapping = false,
	): Promise<void> => {
		let requests = 0;
		const isRefused = async (url: string) => {
			clock.ms += one.requestMs;
			const request = ++requests;
			if (request === overlapsAt) await poll({}, true);
			hasLostDetail ||= request === failsAt && url.includes('detail');
			return request === failsAt;
		};
		const parameters = { event: 'campaignFinished', simplify, options: simplify ? {} : { timezone: 'UTC' } };
		if (one.isDurable && !isOverlapping) load();
		const { hasBudget } = one;
		const budgetMs = hasBudget ? 300_000 : undefined;
		const options = { nodeId, parameters, staticData, budgetMs, isRefused, log };
		const context = createPollContext(service, options);
		const before = JSON.stringify(staticData);
		const fromMs = serviceMs();
		try {
			const result = await trigger.poll.call(context);
			if (isDiscarded && activated && hasBudget) return load();
			output.push(...(result?.[0].map(({ json }) => json) ?? []));
			if (result !== null || (isActivating && !isOverlapping && !one.isDurable)) {
				saved = JSON.stringify(staticData);
			}
			if (isOverlapping) return;
			const open = [...service.tasks.values()].filter(({ finishMs }) => finishMs === undefined);
			activated ??= { fromMs, toMs: serviceMs(), open };
			isActivating = false;
		} catch (error) {
			expect({ unexpected: typeof failsAt === 'number' && requests >= failsAt ? undefined : error }).toEqual(
				{},
			);
			expect(JSON.stringify(staticData)).toBe(before);
		}
	};

	skewMs = 0;
	clock.ms = NOW_MS;
	const { lastMs } = service;
	for (const plan of one.polls) {
		clock.ms += plan.gapS * 1000;
		setSkew(plan.skewMs ?? skewMs);
		if (plan.begin) load();
		isActivating ||= plan.begin !== null;
		// A process that begins without a state is a new trigger.
		if (plan.begin === 'restart' && saved !== '{}') nodeId = `campaign process ${++processes}`;
		if (plan.isEdited) simplify = !simplify;
		await poll(plan);
	}
	clock.ms = Math.max(serviceMs(), lastMs) + 1000 - skewMs;
	for (let polls = 0; polls < 3; polls++) {
		await poll({});
		clock.ms += 60_000;
	}
	return { output, activated: activated!, hasLostDetail };
}

/** Independent of the node: by when each campaign really ended. */
async function judge(one: History): Promise<void> {
	const service = new CampaignService(one);
	const { output, activated, hasLostDetail } = await live(one, service);
	const ids = output.map(({ campaignId, jobId, taskId }) => String(campaignId ?? jobId ?? taskId));
	expect(ids).toEqual([...new Set(ids)]);

	const ended = [...service.tasks.values()].filter(({ finishMs }) => finishMs !== undefined);
	const must = ended.filter(({ finishMs }) => finishMs! > activated.toMs);
	// Where its details were refused, the node does not know when it ended.
	// One that was suspended after its last call says later that it had finished before.
	const isNews = (task: Task) => task.finishMs! >= activated.fromMs - 61_000 || activated.open.includes(task);
	const may = hasLostDetail ? ended : ended.filter(isNews);
	const idsOf = (tasks: Task[]) => tasks.map(({ id }) => id);
	expect({ lost: idsOf(must).filter((id) => !ids.includes(id)) }).toEqual({ lost: [] });
	expect({ invented: ids.filter((id) => !idsOf(may).includes(id)) }).toEqual({ invented: [] });
}

test(
	'the polling trigger outputs each campaign that ended once, in random histories',
	async () => {
		await fc.assert(fc.asyncProperty(history, judge), { numRuns: 1000 });
	},
	HOUR_MS,
);
