import type { INodeProperties } from 'n8n-workflow';
import { locatorField } from '../../shared/fields';

export const voiceIdField: INodeProperties = locatorField(
	{
		displayName: 'Voice ID',
		name: 'voiceId',
		required: true,
		description: 'ID of the call record: the "voiceId" of a queried record or of a call that was sent',
	},
	'searchCalls',
	{
		name: 'id',
		displayName: 'By ID',
		placeholder: 'e.g. 2203031113381000002',
		validation: [
			{
				type: 'regex',
				properties: {
					regex: '^\\s*[\\w-]{1,64}\\s*$',
					errorMessage: 'Enter the ID of a call record, e.g. 2203031113381000002',
				},
			},
		],
	},
);
