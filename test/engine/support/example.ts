import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { DEMO_CREDENTIAL } from '../../simulator/simulator';
import { runWorkflow, standIn, type RunResult, type WorkflowFile } from './engine';

export type Evaluated = Record<string, IDataObject[] | undefined>;
export type Outputs = (
	values: IDataObject[],
	items: INodeExecutionData[],
	isAgain: boolean,
) => INodeExecutionData[][];

/** A node that outputs what it is told to, in place of one that places a call. */
export const PLACED = 'test.placedCall';

/** What nodes of other packages output, where it differs from their input. */
const OUTPUTS: Record<string, Outputs> = {
	'n8n-nodes-base.aggregate': (_, items) => [
		[{ json: { calls: items.map(({ json }) => json) }, pairedItem: items.map((__, item) => ({ item })) }],
	],
	'n8n-nodes-base.postgres': ([{ operation }], items) =>
		operation === 'executeQuery' ? [[{ json: { success: true } }]] : [items],
	'n8n-nodes-base.dataTable': ([{ resource }], items) =>
		resource === 'table' ? [[{ json: { id: 'table-1' } }]] : [items],
	// One page holds the calls of a test.
	'n8n-nodes-base.splitInBatches': (_, items, isAgain) => (isAgain ? [items, []] : [[], items]),
	'n8n-nodes-base.switch': (values, items) => {
		const outputs = values.map(({ rules }) => branchOf(rules));
		return [0, 1, 2].map((output) => items.filter((_, index) => outputs[index] === output));
	},
	'n8n-nodes-base.filter': (values, items) => [items.filter((_, index) => holds(values[index].conditions))],
	'n8n-nodes-base.if': (values, items) =>
		[true, false].map((isTrue) => items.filter((_, index) => holds(values[index].conditions) === isTrue)),
	'n8n-nodes-base.limit': ([{ maxItems }], items) => [items.slice(0, Number(maxItems))],
	[PLACED]: ([{ output }]) => [(output as unknown as IDataObject[]).map((json) => ({ json }))],
};

const OPERATIONS: Record<string, (left: unknown, right: unknown) => boolean> = {
	gt: (left, right) => Number(left) > Number(right),
	gte: (left, right) => Number(left) >= Number(right),
	lt: (left, right) => Number(left) < Number(right),
	lte: (left, right) => Number(left) <= Number(right),
	equals: (left, right) => left === right,
	notEquals: (left, right) => left !== right,
	exists: (left) => left !== undefined && left !== null,
};

interface Conditions {
	combinator: string;
	conditions: Array<{ leftValue: unknown; rightValue: unknown; operator: Record<string, string> }>;
}

function holds(value: unknown): boolean {
	const { combinator, conditions } = value as Conditions;
	expect(combinator).toBe('and');
	return conditions.every(({ leftValue, rightValue, operator }) => {
		// n8n refuses other types, but compares what is missing as JavaScript does.
		expect([operator.type, 'undefined']).toContain(typeof (leftValue ?? undefined));
		return OPERATIONS[operator.operation](leftValue, rightValue);
	});
}

/** The first rule that holds; the output behind the rules where none does. */
function branchOf(rules: unknown): number {
	const { values } = rules as { values: Array<{ conditions: unknown }> };
	const place = values.findIndex(({ conditions }) => holds(conditions));
	return place < 0 ? values.length : place;
}

interface ExampleOptions {
	url: string;
	timezone: string;
	input?: IDataObject[];
	start?: string;
	outputs?: Record<string, Outputs>;
}

/**
 * Runs a shipped workflow with the nodes of this package. The others evaluate their parameters for each item, as in
 * n8n, and do nothing else; these are returned by the name of the node.
 * @param options.outputs what nodes of a type output instead
 */
export async function runExample(
	file: WorkflowFile,
	{ url, outputs = {}, ...options }: ExampleOptions,
): Promise<RunResult & { evaluated: Evaluated }> {
	const evaluated: Evaluated = {};
	const execute = async function (this: IExecuteFunctions) {
		const { name, type, parameters } = this.getNode();
		const items = this.getInputData();
		const values = items.map((_, index) =>
			Object.fromEntries(
				Object.keys(parameters).map((key) => [key, this.getNodeParameter(key, index) as IDataObject]),
			),
		);
		const isAgain = name in evaluated;
		evaluated[name] = values;
		return (outputs[type] ?? OUTPUTS[type])?.(values, items, isAgain) ?? [items];
	};
	const result = await runWorkflow(file, {
		...options,
		credential: { ...DEMO_CREDENTIAL, baseUrl: url },
		standIns: (type) => {
			const nodes = file.nodes.filter((node) => node.type === type);
			return standIn(execute, Object.keys(Object.assign({}, ...nodes.map(({ parameters }) => parameters))));
		},
	});
	expect(result.error).toBeUndefined();
	return { ...result, evaluated };
}
