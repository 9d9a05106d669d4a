import {
	UserError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type NodeHintGroup,
} from 'n8n-workflow';
import { createApi, type Api } from '../api/endpoints';
import { watchClock, withCancelSignal } from '../api/timing';
import { isRecord } from '../api/values';
import { isEmpty, isExpression, readCollection } from '../records/query/parameters';
import { totalsHints, type ReadTotals } from './totalsHints';
import { voiceCampaignDescription } from './voiceCampaign/description';
import { voiceMessageDescription } from './voiceMessage/description';
import { voiceRecordDescription } from './voiceRecord/description';

/** n8n leaves the options of one operation in place when another is chosen. */
const ACTION_OPTIONS = [...voiceCampaignDescription, ...voiceMessageDescription, ...voiceRecordDescription]
	.filter(({ name }) => name === 'options')
	.flatMap(({ options }) => options as INodeProperties[]);
const ACTION_OPTION_NAMES = ACTION_OPTIONS.map(({ name }) => name);

/** One execution of the node: what its input items have in common. */
export class NodeRun {
	/** Each text once, and the summary of what is collapsed into one line. */
	private readonly hints = new Map<string, string | undefined>();
	/** What an AI agent has to know, too, which sees no hints. */
	private readonly caveats = new Set<string>();
	private readonly totals: ReadTotals[] = [];
	private present?: { nowMs: number; isWrong(): boolean };
	private readonly values = new Map<unknown, unknown>();
	private readonly endings: Array<() => Promise<void> | void> = [];
	private readonly abandonment = new AbortController();
	readonly api: Api;
	/** Whether a request that calls people was sent, and it is not certain that it was refused. */
	mayHaveCalled = false;

	constructor(
		readonly context: IExecuteFunctions,
		api?: Api,
	) {
		this.api = api ?? createApi(this.contextOfRequests());
	}

	/**
	 * The present of the service, Unix milliseconds: the same for all items, so that equal items have equal results, unless
	 * an answer shows another clock.
	 */
	now(): number {
		if (!this.present || this.present.isWrong()) {
			this.present = { nowMs: this.api.now(), isWrong: watchClock(this.api) };
		}
		return this.present.nowMs;
	}

	/** Whether an AI agent runs the node. n8n adds this ending to the type of a node that is a tool. */
	get isTool(): boolean {
		return this.context.getNode().type.endsWith('Tool');
	}

	/** Whether somebody stopped the execution. */
	get isCancelled(): boolean {
		return this.cancelSignal()?.aborted ?? false;
	}

	/** @throws UserError where somebody stopped the execution */
	throwIfCancelled(): void {
		if (this.isCancelled) throw new UserError('The execution was stopped');
	}

	/** Ends all requests: an item has failed, and what the others read is not output. */
	abandon(): void {
		this.abandonment.abort();
	}

	get isAbandoned(): boolean {
		return this.abandonment.signal.aborted;
	}

	/**
	 * Shows a text above the output, once, however many items it concerns, below those that say what was read.
	 * @param summary what stands for several texts of a kind: `{count}` is how many
	 */
	readonly hint = (text: string, summary?: string): void => {
		if (!this.hints.has(text)) this.hints.set(text, summary);
	};

	/** A hint that the output is less than what was asked for. */
	caveat(text: string, summary?: string): void {
		this.hint(text, summary);
		if (this.isTool) this.caveats.add(text);
	}

	/** A last item for an AI agent, if there is something to say. */
	caveatItems(): INodeExecutionData[] {
		if (this.caveats.size === 0) return [];
		return [{ json: { note: [...this.caveats].join('\n') }, pairedItem: { item: 0 } }];
	}

	addTotals(totals: ReadTotals): void {
		this.totals.push(totals);
	}

	/** What `create` makes for the first item that asks, for all items. */
	once<T>(create: (nodeRun: NodeRun) => T): T {
		if (!this.values.has(create)) this.values.set(create, create(this));
		return this.values.get(create) as T;
	}

	/** Has some work done once all items were executed, before the output. */
	atEnd(work: () => Promise<void> | void): void {
		this.endings.push(work);
	}

	/** Does the work of `atEnd`, once. */
	async conclude(): Promise<void> {
		for (const work of this.endings.splice(0)) await work();
	}

	async finish(): Promise<void> {
		await this.conclude();
		// Runs of tools have no hints in older versions of n8n.
		const context = this.context as Partial<IExecuteFunctions>;
		for (const message of totalsHints(this.context, this.totals)) {
			context.addExecutionHints?.({ message, location: 'outputPane' });
		}
		for (const [message, summary] of this.hints) {
			const group = summary === undefined ? undefined : this.groupOf(summary);
			context.addExecutionHints?.({ message, location: 'outputPane', ...(group && { group }) });
		}
	}

	/** n8n 2.41 and later collapse hints with the same key; older versions show each of them. */
	private groupOf(summary: string): NodeHintGroup | undefined {
		const isAlone = [...this.hints.values()].filter((one) => one === summary).length === 1;
		return isAlone ? undefined : { key: summary, summary };
	}

	private contextOfRequests(): IExecuteFunctions {
		const signals = [this.cancelSignal(), this.abandonment.signal].filter((one) => one !== undefined);
		return withCancelSignal(this.context, AbortSignal.any(signals));
	}

	private cancelSignal(): AbortSignal | undefined {
		return (this.context as Partial<IExecuteFunctions>).getExecutionCancelSignal?.();
	}
}

/** The execution of an operation for one input item. */
export class OperationRun {
	readonly context: IExecuteFunctions;
	readonly api: Api;
	/** Output before the error item where the node continues after an error. */
	outputBeforeError: INodeExecutionData[] = [];
	/** Whether the work at the end of the run has shown that the item has not failed. */
	isErrorOver = (): boolean => false;
	private knownOptions?: Record<string, unknown>;
	private readonly endings: Array<() => Promise<unknown>> = [];

	constructor(
		readonly nodeRun: NodeRun,
		readonly itemIndex: number,
	) {
		this.context = nodeRun.context;
		this.api = nodeRun.api;
	}

	get isTool(): boolean {
		return this.nodeRun.isTool;
	}

	/** The value of a parameter for this item, unchecked. */
	parameter(name: string, ifMissing: unknown = null): unknown {
		return this.context.getNodeParameter(name, this.itemIndex, ifMissing);
	}

	/** @throws UserError naming an option that no operation has */
	get options(): Record<string, unknown> {
		this.knownOptions ??= readCollection(this.parameter('options'), 'Options', ACTION_OPTION_NAMES);
		return this.knownOptions;
	}

	/** Display names of the options whose expression gave no value, so that their default applies. */
	get optionsWithoutValue(): string[] {
		const stored: unknown = this.context.getNode().parameters.options;
		if (!isRecord(stored)) return [];
		const empty = ACTION_OPTIONS.filter(
			({ name }) => isExpression(stored[name]) && isEmpty(this.options[name]),
		);
		return [...new Set(empty.map(({ displayName }) => displayName))];
	}

	/** Has some work done once the item was executed, also where it failed. */
	atEnd(work: () => Promise<unknown>): void {
		this.endings.push(work);
	}

	async finish(): Promise<void> {
		for (const work of this.endings) await work();
	}

	readonly hint = (text: string, summary?: string): void => this.nodeRun.hint(text, summary);

	readonly caveat = (text: string, summary?: string): void => this.nodeRun.caveat(text, summary);

	readonly addTotals = (totals: ReadTotals): void => this.nodeRun.addTotals(totals);
}
