import type { INodeProperties } from 'n8n-workflow';
import { eventField } from '../events';
import { filtersField, simplifyField } from '../../shared/fields';

/** The form of the trigger that takes pushed reports. */
export const pushDescription: INodeProperties[] = [
	{
		displayName:
			'Have the production URL under "Webhook URLs" set as the URL for voice reports of your account: in the ITNIO console, or by the ITNIO support. Keep it secret: whoever knows it can send reports.',
		name: 'urlNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Confirm Reports',
		name: 'confirm',
		type: 'boolean',
		default: true,
		description:
			'Whether to look each reported call up at ITNIO TECH and give out what is found there. Reports are not signed: without this, whoever knows the URL can make calls up.',
	},
	eventField,
	simplifyField,
	{ ...filtersField, description: 'Only calls that meet every filter start the workflow' },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Allowed IP Addresses',
				name: 'allowedIps',
				type: 'string',
				default: '',
				placeholder: 'e.g. 203.0.113.7, 198.51.100.0/24',
				description:
					'Addresses or CIDR ranges that may send reports, separated by commas. Empty means every address. Behind a reverse proxy, set N8N_PROXY_HOPS, so that n8n sees the address of the sender.',
			},
		],
	},
];
