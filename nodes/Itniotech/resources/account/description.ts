import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

export const accountOperations: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Get Balance',
			value: 'getBalance',
			description: 'Get the balance, gift and credit of the account',
			action: 'Get the balance of the account',
		},
	],
	default: 'getBalance',
};

export const accountDescription: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['account'] } },
	[accountOperations],
);
