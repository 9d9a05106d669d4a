import fc from 'fast-check';
import { NodeApiError, type IDataObject, type IExecuteFunctions, type INode } from 'n8n-workflow';

import type { Api } from '../../../../nodes/Itniotech/api/endpoints';
import { UnknownOutcomeError } from '../../../../nodes/Itniotech/api/refusal';
import type {
	Campaign,
	CampaignPage,
	CampaignSearch,
	CreatedCampaign,
	NewCampaign,
} from '../../../../nodes/Itniotech/api/types';
import { NodeRun, OperationRun } from '../../../../nodes/Itniotech/resources/operationRun';
import { createCampaigns } from '../../../../nodes/Itniotech/resources/voiceCampaign/create';
import { NOW_MS } from '../../../support/times';

/** What is said where the campaign may be that of another run, with other numbers. */
const OF_ANOTHER_RUN =
	/Numbers that the earlier run did not have are not called|lists the campaign of this execution$|unless somebody else created one/;
const NODE = { name: 'Campaign', type: 'itniotech', typeVersion: 1, parameters: {} };

/** What happens to a request that creates a campaign. */
const sendFate = fc.constantFrom(
	'answered',
	'answered',
	'without ID',
	'refused',
	'lost before',
	'lost after',
	'stopped before',
	'stopped after',
);
/** A number by its index, or what is none. */
const entry = fc.oneof({ weight: 6, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.constant('x') });
const history = fc.record({
	/** One entry or several in each. */
	items: fc.array(
		fc.oneof({ weight: 4, arbitrary: fc.tuple(entry) }, fc.array(entry, { minLength: 2, maxLength: 3 })),
		{ minLength: 1, maxLength: 7 },
	),
	/** The execution that each run of the node belongs to, whether n8n or a person started it. */
	executions: fc.array(fc.constantFrom('7', '7', '7', '8'), { minLength: 1, maxLength: 4 }),
	/** By how much the numbers of each run differ: a repeated execution may read other rows of a table. */
	shifts: fc.array(fc.constantFrom(0, 0, 0, 1), { maxLength: 4 }),
	/** Whether two workers have the runs at the same time. */
	isConcurrent: fc.boolean(),
	/** How many steps each answer of the service takes. */
	steps: fc.array(fc.nat(6), { maxLength: 20 }),
	sends: fc.array(sendFate, { maxLength: 6 }),
	listedAfterS: fc.array(fc.constantFrom(0, 0, 1, 6, 999), { maxLength: 6 }),
	/** How many more numbers the campaign has that somebody else, with another app, creates under the name just before each request. */
	intruders: fc.array(fc.constantFrom(undefined, undefined, 0, 5, 9), { maxLength: 6 }),
	namesUnique: fc.boolean(),
	givenName: fc.option(fc.constantFrom('Spring', 'Autumn'), { nil: undefined }),
	/** What others have created before. */
	others: fc.array(fc.constantFrom('Spring', 'Spring sale', 'spring'), { maxLength: 2 }),
	continues: fc.boolean(),
	isDryRun: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
	retryOnFail: fc.integer({ min: 0, max: 19 }).map((one) => one === 0),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

interface TrueCampaign {
	id: string;
	name: string;
	numbers: string[];
	listedMs: number;
	isOfOthers: boolean;
}

/** A service of which all is known, and that answers as a history says. */
class Service {
	readonly campaigns: TrueCampaign[] = [];
	nowMs = NOW_MS;
	private sends = 0;
	private answers = 0;

	constructor(private readonly history: History) {
		for (const name of history.others) this.add(name, [], true);
	}

	/** As one run of the node sees it. */
	apiOf(run: TrueRun): Api {
		const stop = () => run.stop.signal.throwIfAborted();
		return {
			now: () => this.nowMs,
			clockDifferenceMs: () => 0,
			wait: async (ms: number) => {
				stop();
				this.nowMs += ms;
				await this.pass();
			},
			fetchCampaigns: async (search: CampaignSearch) => {
				stop();
				await this.pass();
				return this.list(search);
			},
			fetchCampaign: async (id: string) => {
				stop();
				await this.pass();
				const found = this.campaigns.find((one) => one.id === id);
				return found
					? ({ wire: { appId: found.isOfOthers ? 'other' : 'app' } } as Partial<Campaign> as Campaign)
					: null;
			},
			createCampaign: async (campaign: NewCampaign) => {
				stop();
				await this.pass();
				return this.send(campaign, run);
			},
		} as Partial<Api> as Api;
	}

	private async pass(): Promise<void> {
		for (let step = this.history.steps[this.answers++] ?? 0; step > 0; step--) await Promise.resolve();
	}

	private list({ text = '' }: CampaignSearch): CampaignPage {
		const found = this.campaigns.filter(
			({ name, listedMs }) => listedMs <= this.nowMs && name.includes(text),
		);
		const campaigns = found.map(
			({ id, name, numbers }) => ({ campaignId: id, name, numbers: numbers.length }) as Campaign,
		);
		return { campaigns, withoutId: [], total: campaigns.length };
	}

	private send({ name, numbers }: NewCampaign, run: TrueRun): CreatedCampaign {
		run.sent.push(name);
		const more = this.history.intruders[this.sends];
		if (more !== undefined && this.history.givenName)
			this.add(name, Array<string>(numbers.length + more).fill('x'), true);
		const fate = this.history.sends[this.sends++] ?? 'answered';
		if (fate === 'refused') throw new NodeApiError(NODE as never, {}, { message: 'refused' });
		const isBefore = fate === 'lost before' || fate === 'stopped before';
		const isTaken = this.history.namesUnique && this.campaigns.some((one) => one.name === name);
		const campaignId = isBefore || isTaken ? null : this.add(name, numbers.map((one) => one.calledNumber), false); // prettier-ignore
		if (fate.startsWith('stopped')) run.stop.abort();
		if (/^(lost|stopped)/.test(fate)) {
			run.isOpen = true;
			throw new UnknownOutcomeError(NODE as never, {}, { message: 'not known' });
		}
		run.isTaken ||= isTaken;
		return { campaignId: fate === 'without ID' ? null : campaignId, isNameTaken: isTaken };
	}

	private add(name: string, numbers: string[], isOfOthers: boolean): string {
		const id = String(5000 + this.campaigns.length);
		const listedMs = isOfOthers
			? 0
			: this.nowMs + 1000 * (this.history.listedAfterS[this.campaigns.length] ?? 0);
		this.campaigns.push({ id, name, numbers, listedMs, isOfOthers });
		return id;
	}
}

interface TrueRun {
	stop: AbortController;
	sent: string[];
	/** Whether an answer was lost. */
	isOpen: boolean;
	/** Whether a name was taken that was not listed before: by another run, or by this one, as a gateway can send twice. */
	isTaken: boolean;
	output: IDataObject[][];
	error?: NodeApiError;
	/** What is added to the indexes of its numbers. */
	shift: number;
}

const numberOf = (index: number, shift = 0) => `1555010${index + shift}`;
const spellings = [(text: string) => text, (text: string) => `+${text}`, (text: string) => `00${text}`];

function contextOf(execution: string, run: TrueRun, one: History): IExecuteFunctions {
	const parameters: Record<string, unknown> = {
		resource: 'voiceCampaign',
		operation: 'create',
		campaignName: one.givenName ?? '',
		calledNumber: '={{ $json.number }}',
		messageType: 'audioFile',
		fileId: 'file.mp3',
		appId: 'app',
		options: { dryRun: one.isDryRun },
	};
	const items = one.items.map((entries, at) => ({
		json: {
			number: entries
				.map((each) => (typeof each === 'number' ? spellings[at % 3](numberOf(each, run.shift)) : each))
				.join(', '),
		},
	}));
	return {
		getInputData: () => items,
		continueOnFail: () => one.continues,
		getNode: () =>
			({ ...NODE, parameters, id: 'node', retryOnFail: one.retryOnFail }) as Partial<INode> as INode,
		getNodeParameter: (name: string, _: number, other: unknown) => parameters[name] ?? other,
		getTimezone: () => 'UTC',
		getExecutionId: () => execution,
		getInstanceId: () => 'n8n',
		getWorkflow: () => ({ id: 'workflow', name: 'Sale' }),
		getMode: () => 'trigger',
		getContext: () => ({}),
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getExecutionCancelSignal: () => run.stop.signal,
		addExecutionHints: () => {},
	} as Partial<Record<keyof IExecuteFunctions, unknown>> as IExecuteFunctions;
}

/** What n8n would output, one list per input item, and the error that ended the run. */
async function execute(nth: number, service: Service, one: History): Promise<TrueRun> {
	const execution = one.executions[nth];
	const shift = one.shifts[nth] ?? 0;
	const run: TrueRun = {
		stop: new AbortController(),
		sent: [],
		isOpen: false,
		isTaken: false,
		output: [],
		shift,
	};
	const nodeRun = new NodeRun(contextOf(execution, run, one), service.apiOf(run));
	for (const itemIndex of one.items.keys()) {
		try {
			const items = await createCampaigns(new OperationRun(nodeRun, itemIndex));
			run.output.push(items.map(({ json }) => json));
		} catch (error) {
			run.error = error as NodeApiError;
			break;
		}
	}
	await nodeRun.finish();
	return run;
}

async function play(one: History) {
	const service = new Service(one);
	const results: TrueRun[] = [];
	if (one.isConcurrent) {
		results.push(
			...(await Promise.all(one.executions.map(async (_, nth) => await execute(nth, service, one)))),
		);
	} else {
		for (const nth of one.executions.keys()) results.push(await execute(nth, service, one));
	}
	return { service, results };
}

test('at most one campaign per name, each number in an item, and unknown is only what nobody can know', async () => {
	await fc.assert(
		fc.asyncProperty(history, async (one) => {
			const { service, results } = await play(one);
			expectOneEach(service, one);
			for (const run of results) {
				// Each name is sent once by a run.
				expect(new Set(run.sent).size).toBe(run.sent.length);
				if (one.isDryRun || one.retryOnFail) expect(run.sent).toEqual([]);
				if (run.error) expectAccount(run, one);
				else expectItems(run, service, one);
			}
		}),
		{ numRuns: 10_000 },
	);
}, 600_000);

/** Where the service takes a name twice, only two workers at once, or a list that is late, can create a second one. */
function expectOneEach(service: Service, { namesUnique, isConcurrent, listedAfterS }: History): void {
	if (!namesUnique && (isConcurrent || listedAfterS.some((seconds) => seconds > 0))) return;
	const names = service.campaigns.filter(({ isOfOthers }) => !isOfOthers).map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
}

function expectItems({ output, isOpen, isTaken, shift }: TrueRun, service: Service, one: History): void {
	const items = output.flat();
	const campaign = items.find(({ name }) => name !== null);
	const entries = one.items.flat();
	const valid = entries.filter((each) => typeof each === 'number');
	const skipped = items.filter(({ status, name }) => status === 'skipped' && name === null);
	const refused = items.filter(({ status, name }) => status === 'refused' && name === null);
	expect(campaign?.numbers ?? 0).toBe(new Set(valid).size);
	expect(skipped).toHaveLength(valid.length - new Set(valid).size);
	expect(refused.map(({ calledNumber }) => calledNumber)).toEqual(entries.filter((each) => each === 'x'));
	if (!campaign) return;
	const { status, campaignId, reason } = campaign;
	const named = service.campaigns.filter(({ name }) => name === campaign.name);
	if (status === 'submitted') {
		const own = named.filter(({ isOfOthers }) => !isOfOthers);
		expect(own).not.toEqual([]);
		const asked = new Set(valid.map((each) => numberOf(each, shift)));
		if (!own.some(({ numbers }) => numbers.every((each) => asked.has(each))))
			expect(reason).toMatch(OF_ANOTHER_RUN);
		if (campaignId !== null) expect(own.map(({ id }) => id)).toContain(campaignId);
		else expect(reason).toBeTruthy();
	} else expect([campaignId, reason]).toEqual([null, expect.any(String)]);
	if (status === 'unknown') expect(isOpen || isTaken).toBe(true);
	if (status === 'skipped' && !one.isDryRun) expect(isOpen).toBe(false);
}

/** The error says of all numbers that they are not called, or the node refuses before anything is sent. */
function expectAccount({ error, sent, isOpen }: TrueRun, one: History): void {
	const entries = one.items.flat();
	const numbers = new Set(entries.filter((each) => typeof each === 'number')).size;
	expect(isOpen).toBe(false);
	if (one.retryOnFail || entries.includes('x')) expect(sent).toEqual([]);
	else expect(error?.description).toContain(`Numbers that this run does not call: ${numbers}.`);
}
