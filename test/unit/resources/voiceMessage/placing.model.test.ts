import fc from 'fast-check';
import { NodeApiError, type IExecuteFunctions, type INode } from 'n8n-workflow';

import type { Api } from '../../../../nodes/Itniotech/api/endpoints';
import { UnknownOutcomeError } from '../../../../nodes/Itniotech/api/refusal';
import type { FileCall, PlacedCall, WireRecord } from '../../../../nodes/Itniotech/api/types';
import { NodeRun, OperationRun } from '../../../../nodes/Itniotech/resources/operationRun';
import { placeCalls } from '../../../../nodes/Itniotech/resources/voiceMessage/execute';
import { wireTime } from '../../../simulator/records';
import { NOW_MS } from '../../../support/times';

const NODE = { name: 'Call', type: 'itniotech', typeVersion: 1, parameters: {} };

/** What happens to a request, and to a number of one that is answered. */
const requestFate = fc.constantFrom(
	'answered',
	'answered',
	'answered',
	'refused',
	'lost',
	'cut',
	'stopped',
	'late stop',
);
const numberFate = fc.constantFrom(
	'placed',
	'placed',
	'placed',
	'refused',
	'placed, not named',
	'not named',
	'accepted',
);
const history = fc.record({
	/** Indices of numbers, by input item. */
	items: fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
	requests: fc.array(requestFate, { maxLength: 12 }),
	numbers: fc.array(numberFate, { maxLength: 20 }),
	continues: fc.boolean(),
	callsRepeated: fc.boolean(),
	isDryRun: fc.boolean(),
	retryOnFail: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
	waits: fc.boolean(),
	/** Seconds after which a call is listed, and after which it has ended, by the order of placing. */
	listedAfterS: fc.array(fc.constantFrom(0, 0, 20, 90, 999), { maxLength: 20 }),
	endedAfterS: fc.array(fc.constantFrom(4, 20, 50, 999), { maxLength: 20 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

interface TrueCall {
	calledNumber: string;
	record: WireRecord;
	listedMs: number;
	endedMs: number;
}

/** A service of which all is known, and that answers as a history says. */
class Service {
	readonly calls: TrueCall[] = [];
	/** The numbers of each request whose answer left something open. */
	readonly open = new Set<string>();
	readonly stop = new AbortController();
	nowMs = NOW_MS;
	private requests = 0;
	private fates = 0;

	constructor(private readonly history: History) {}

	readonly api = (): Api =>
		({
			now: () => this.nowMs,
			clockDifferenceMs: () => 0,
			exactTimeOf: (ms: number) => ms,
			wait: async (ms: number) => {
				this.stop.signal.throwIfAborted();
				this.nowMs += await Promise.resolve(ms);
			},
			within: () => this.api(),
			placeFileCall: async (call: FileCall) => await Promise.resolve(this.place(call)),
			fetchPage: async () => await Promise.resolve({ records: this.listed(), total: this.listed().length }),
		}) as Partial<Api> as Api;

	private place({ calledNumbers, calledInfo }: FileCall): PlacedCall[] {
		expect(new Set(calledNumbers).size).toBe(calledNumbers.length);
		const fate = this.history.requests[this.requests++] ?? 'answered';
		if (fate === 'refused') throw new NodeApiError(NODE as never, {}, { message: 'refused' });
		if (fate === 'stopped') this.stop.abort();
		if (fate !== 'answered') {
			for (const calledNumber of calledNumbers) {
				this.open.add(calledNumber);
				if (fate !== 'lost') this.ring(calledNumber, calledInfo);
			}
			if (fate === 'late stop') this.stop.abort();
			throw new UnknownOutcomeError(NODE as never, {}, { message: 'not known' });
		}
		return calledNumbers.map((calledNumber) => this.submit(calledNumber, calledInfo));
	}

	private submit(calledNumber: string, calledInfo: string): PlacedCall {
		const fate = this.history.numbers[this.fates++] ?? 'placed';
		const call = { calledNumber, calledInfo, voiceId: null, reason: fate };
		if (fate === 'refused') return { ...call, status: 'refused' };
		const isPlaced = fate !== 'not named';
		const voiceId = isPlaced ? this.ring(calledNumber, calledInfo) : null;
		if (fate === 'placed') return { ...call, voiceId, status: 'submitted', reason: null };
		this.open.add(calledNumber);
		return { ...call, voiceId: fate === 'accepted' ? voiceId : null, status: 'unknown' };
	}

	private ring(callee: string, calledInfo: string): string {
		const nth = this.calls.length;
		const voiceId = `26112000000000${String(nth).padStart(5, '0')}`;
		const { listedAfterS, endedAfterS } = this.history;
		this.calls.push({
			calledNumber: callee,
			record: { voiceId, callee, calledInfo, submitTime: wireTime(this.nowMs) },
			listedMs: this.nowMs + 1000 * (listedAfterS[nth] ?? 0),
			endedMs: this.nowMs + 1000 * (endedAfterS[nth] ?? 10),
		});
		return voiceId;
	}

	private listed(): WireRecord[] {
		return this.calls
			.filter(({ listedMs }) => listedMs <= this.nowMs)
			.map(({ record, endedMs }) =>
				endedMs <= this.nowMs
					? { ...record, terminationCode: '486', terminationReason: 'Busy Here' }
					: record,
			);
	}
}

const numberOf = (index: number) => `1555010${index}`;
const spellings = [(text: string) => text, (text: string) => `+${text}`, (text: string) => `00${text}`];

function runOf(items: number[][], service: Service, { continues, waits, ...settings }: History): NodeRun {
	const parameters: Record<string, unknown> = {
		resource: 'voiceMessage',
		operation: 'sendFile',
		fileId: 'file.mp3',
		appId: 'app',
		waitForOutcome: waits,
		maxWait: 1,
		options: {
			repeatedNumbers: settings.callsRepeated ? 'call' : 'skip',
			dryRun: settings.isDryRun,
		},
	};
	const context = {
		getInputData: () => items,
		continueOnFail: () => continues,
		getNode: () => ({ ...NODE, id: 'node', retryOnFail: settings.retryOnFail }) as Partial<INode> as INode,
		getNodeParameter: (name: string, item: number, other: unknown) =>
			name === 'calledNumbers'
				? items[item].map((index, at) => spellings[at % 3](numberOf(index)))
				: (parameters[name] ?? other),
		getExecutionId: () => '7',
		getInstanceId: () => 'n8n',
		getWorkflow: () => ({ id: 'workflow' }),
		getMode: () => 'trigger',
		getContext: () => ({}),
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getExecutionCancelSignal: () => service.stop.signal,
		addExecutionHints: () => {},
	};
	return new NodeRun(
		context as Partial<Record<keyof IExecuteFunctions, unknown>> as IExecuteFunctions,
		service.api(),
	);
}

/** What n8n would output, one list per input item, and the error that ended the run. */
async function execute(items: number[][], nodeRun: NodeRun) {
	const output: PlacedCall[][] = [];
	for (const itemIndex of items.keys()) {
		const run = new OperationRun(nodeRun, itemIndex);
		try {
			output.push((await placeCalls(run)).map(({ json }) => json as PlacedCall));
		} catch (error) {
			if (!nodeRun.context.continueOnFail()) return { output, error: error as NodeApiError };
			output.push(run.outputBeforeError.map(({ json }) => json as PlacedCall));
		}
	}
	await nodeRun.finish();
	return { output };
}

const timesOf = (service: Service, number: string) =>
	service.calls.filter(({ calledNumber }) => calledNumber === number).length;

test('no number is called twice, each has an item, and unknown is only what nobody can know', async () => {
	await fc.assert(
		fc.asyncProperty(history, async (one) => {
			const { items, callsRepeated, isDryRun, retryOnFail } = one;
			const service = new Service(one);
			const { output, error } = await execute(items, runOf(items, service, one));
			const asked = items.flat().map(numberOf);
			for (const number of new Set(asked)) {
				const occurrences = asked.filter((other) => other === number).length;
				expect(timesOf(service, number)).toBeLessThanOrEqual(callsRepeated ? occurrences : 1);
			}
			if (isDryRun || retryOnFail) expect(service.calls).toEqual([]);
			if (error) expectAccount(error, asked, service);
			else if (!retryOnFail) expectItems(items, output, service, one);
			if (!error) await expectRestCallable(output.flat(), service, one);
		}),
		{ numRuns: 2000 },
	);
}, 600_000);

function expectItems(
	items: number[][],
	output: PlacedCall[][],
	service: Service,
	{ waits, callsRepeated }: History,
): void {
	expect(output.map((calls) => calls.map(({ calledNumber }) => calledNumber))).toEqual(
		items.map((indices) => indices.map(numberOf)),
	);
	const claimed = new Set<string>();
	for (const call of output.flat()) {
		const { calledNumber, status, voiceId, reason } = call;
		if (status === 'submitted') {
			expect(service.calls.map(({ record }) => record.voiceId)).toContain(voiceId);
			expect(claimed.has(voiceId!)).toBe(false);
			claimed.add(voiceId!);
		} else if (status === 'unknown') expect(service.open.has(calledNumber)).toBe(true);
		else expect(reason).toBeTruthy();
		if (waits) expectOutcome(call, service, callsRepeated);
	}
	const refused = output.flat().filter(({ status }) => status === 'refused');
	for (const { calledNumber } of refused) {
		const others = output.flat().filter((call) => call.calledNumber === calledNumber);
		const called = others.filter(({ status }) => status === 'submitted' || status === 'unknown');
		expect(timesOf(service, calledNumber)).toBeLessThanOrEqual(called.length);
	}
}

/** A call that was listed while the node waited is not unknown, and one that had ended by then is not pending. */
function expectOutcome(call: PlacedCall, service: Service, callsRepeated: boolean): void {
	const { outcome } = call as { outcome?: unknown };
	const lastMs = service.nowMs;
	const truth = service.calls.find(({ record }) => record.voiceId === call.voiceId);
	if (call.status === 'unknown') {
		const listed = service.calls.filter(
			({ calledNumber, listedMs }) => calledNumber === call.calledNumber && listedMs <= lastMs,
		);
		if (!service.stop.signal.aborted && !callsRepeated) expect(listed).toEqual([]);
		return;
	}
	if (call.status !== 'submitted') return expect(outcome).toBeNull();
	const hasEnded = truth!.endedMs <= lastMs && truth!.listedMs <= lastMs;
	if (outcome === 'failed') expect([hasEnded, call.reason]).toEqual([true, '486 Busy Here']);
	else expect(outcome).toBe('pending');
	if (hasEnded && !service.stop.signal.aborted) expect(outcome).toBe('failed');
}

/** The description of the error accounts for each number: sent, not known, or not called. */
function expectAccount({ description }: NodeApiError, asked: string[], service: Service): void {
	if (service.calls.length === 0 && !/called: |Sent before/.test(description ?? '')) return;
	for (const number of asked) expect(description).toContain(number);
	const [, lost] = /(?:^|\. )Not called: ([^.]*)\./.exec(description ?? '') ?? [];
	const [, untried] = /Not tried, so not called: ([^.]*)\./.exec(description ?? '') ?? [];
	for (const number of [lost, untried].flatMap((list) => list?.split(', ') ?? [])) {
		const isSentBefore = new RegExp(`${number} (submitted|unknown)`).test(description ?? '');
		if (!isSentBefore) expect(timesOf(service, number)).toBe(0);
	}
}

/** Whoever calls again those that surely were not called calls nobody twice. */
async function expectRestCallable(calls: PlacedCall[], service: Service, one: History): Promise<void> {
	if (one.callsRepeated || one.isDryRun) return;
	const called = new Set(
		calls
			.filter(({ status }) => status === 'submitted' || status === 'unknown')
			.map(({ calledNumber }) => calledNumber),
	);
	const rest = [...new Set(calls.map(({ calledNumber }) => calledNumber))].filter(
		(number) => !called.has(number),
	);
	if (rest.length === 0) return;
	const items = [rest.map((number) => Number(number.at(-1)))];
	const again = { ...one, requests: [], numbers: [], continues: true, retryOnFail: false };
	const next = new Service(again);
	await execute(items, runOf(items, next, again));
	for (const number of rest) expect(timesOf(service, number) + timesOf(next, number)).toBeLessThanOrEqual(1);
}
