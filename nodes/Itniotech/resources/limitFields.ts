import type { INodeProperties } from 'n8n-workflow';

const limitField: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	default: 50,
	typeOptions: { minValue: 1 },
	description: 'Max number of results to return',
};

/** "Return All" and "Limit" of a list. An agent gets no more than it can read. */
export function limitFields({ hint, agentHint }: { hint?: string; agentHint: string }): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			displayOptions: { hide: { '@tool': [true] } },
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			...limitField,
			displayOptions: { show: { returnAll: [false] }, hide: { '@tool': [true] } },
			...(hint && { hint }),
		},
		{ ...limitField, displayOptions: { show: { '@tool': [true] } }, hint: agentHint },
	];
}
