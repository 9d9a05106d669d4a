import type { IExecuteFunctions, INode } from 'n8n-workflow';

import { itemValues } from '../../../../nodes/Itniotech/resources/voiceCampaign/itemValues';

const ITEMS = [
	{ phone: '15550100', 'Phone Number': 1, a: { b: ['x', { c: 'deep' }] } },
	{ phone: null, 'Phone Number': 2 },
	{},
];

/** Counts what is left to n8n. */
function contextOf(parameters: Record<string, unknown>) {
	let asked = 0;
	const context = {
		getInputData: () => ITEMS.map((json) => ({ json })),
		getNode: () => ({ parameters }) as Partial<INode> as INode,
		getNodeParameter: (_: string, itemIndex: number) => {
			asked++;
			return `n8n ${itemIndex}`;
		},
	} as Partial<Record<keyof IExecuteFunctions, unknown>> as IExecuteFunctions;
	return { context, asked: () => asked };
}
const valuesOf = (written: unknown) => {
	const { context, asked } = contextOf({ one: written });
	const valueOf = itemValues(context, 'one');
	return { values: ITEMS.map((_, index) => valueOf(index)), asked: asked() };
};

test.each<[string, unknown[]]>([
	['={{ $json.phone }}', ['15550100', null, undefined]],
	['={{$json.phone}}', ['15550100', null, undefined]],
	['={{ $json["Phone Number"] }}', [1, 2, undefined]],
	["={{ $json['Phone Number'] }}", [1, 2, undefined]],
	['={{ $json.a.b[1].c }}', ['deep', undefined, undefined]],
	['={{ $json.a?.b[0] }}', ['x', undefined, undefined]],
	['={{ $json.toString }}', [undefined, undefined, undefined]],
])('an expression is read from the item: %s', (written, expected) => {
	expect(valuesOf(written)).toEqual({ values: expected, asked: 0 });
});

test.each([
	'={{ $json.phone + 1 }}',
	'={{ $json.phone }} ',
	'={{ $json.callee }}',
	'={{ $json.constructor }}',
	'={{ $("Sheet").item.json.phone }}',
	'={{ $input.item.json.phone }}',
	'={{ $itemIndex }}',
	'={{ $items("Sheet")[$itemIndex].json.phone }}',
	'={{ $parameter.calledNumber }}',
	'={{ Math.floor(Math.random() * 10000) }}',
	'={{ $if($json.phone, 1, 2) }}',
	'={{ $("Sheet").all()[$itemIndex].json.phone }}',
	'={{ $("Sheet").item.json.first() }}',
	{ mode: 'id', value: '={{ $json.phone }}' },
])('an expression is left to n8n: %s', (written) => {
	expect(valuesOf(written)).toEqual({ values: ['n8n 0', 'n8n 1', 'n8n 2'], asked: 3 });
});

test.each(['={{ $json.a.b.length }}', '={{ $json["Phone Number"].x }}', '={{ $json.phone[0] }}'])(
	'what n8n reads otherwise in %s is left to n8n, where an item has it',
	(written) => {
		const { values } = valuesOf(written);
		expect(values[0]).toBe('n8n 0');
		expect(values[2]).toBeUndefined();
	},
);

test.each([
	'plain',
	7,
	{ mode: 'list', value: 'x' },
	'={{ $now }}',
	'={{ $vars.phone }} {{ $execution.id }} costs $5',
	'={{ $("Sheet").first().json.phone }}',
	'={{ $input.first().json.phone }}',
	'=Hello ${text1}',
	'$json',
	undefined,
])('the value %j is the same for all items, and read once', (written) => {
	expect(valuesOf(written)).toEqual({ values: ['n8n 0', 'n8n 0', 'n8n 0'], asked: 1 });
});
