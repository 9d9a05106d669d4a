import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { filtersField, outputFields, readOptionsField, timeRangeFields } from '../fields';

const operations: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Get Voice Record',
			value: 'get',
			description: 'Look one call record up by its ID',
			action: 'Get a voice record',
		},
		{
			name: 'Query Voice Records',
			value: 'query',
			description: 'Get the call records of a time range',
			action: 'Query voice records',
		},
	],
	default: 'query',
};

const queryFields: INodeProperties[] = [
	...timeRangeFields,
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		default: 50,
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
	...outputFields,
	filtersField,
	readOptionsField,
];

const getFields: INodeProperties[] = [
	{
		displayName: 'Voice ID',
		name: 'voiceId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 2203031113381000002',
		description: 'ID of the call record, as "voiceId" of a queried record or of a sent call',
	},
	...outputFields,
];

export const voiceRecordDescription: INodeProperties[] = [
	...updateDisplayOptions({ show: { resource: ['voiceRecord'] } }, [operations]),
	...updateDisplayOptions({ show: { resource: ['voiceRecord'], operation: ['query'] } }, queryFields),
	...updateDisplayOptions({ show: { resource: ['voiceRecord'], operation: ['get'] } }, getFields),
];
