import type { INodeProperties } from 'n8n-workflow';
import { eventField } from '../events';
import {
	fieldsOption,
	endedCallsFilter,
	optionsField,
	simplifyField,
	timezoneOption,
} from '../../shared/fields';

export const pushDescription: INodeProperties[] = [
	{
		displayName:
			'Copy the production URL under "Webhook URLs" and set it as the push URL for voice calls of your account, in the ITNIO console or through ITNIO support. Keep it secret: anyone who knows it can send pushes.',
		name: 'urlNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Confirm Calls',
		name: 'confirm',
		type: 'boolean',
		default: true,
		description:
			'Whether to verify each pushed call with ITNIO TECH and output the verified record. Pushes are not signed, so without this anyone who knows the URL can send fake calls.',
	},
	eventField,
	simplifyField,
	{ ...endedCallsFilter, description: 'Only calls that match all filters start the workflow' },
	optionsField(
		fieldsOption,
		{
			displayName: 'Allowed IP Addresses',
			name: 'allowedIps',
			type: 'string',
			default: '',
			placeholder: 'e.g. 203.0.113.7, 198.51.100.0/24',
			description:
				'IP addresses or CIDR ranges that may send pushes, separated by commas. Leave empty to allow all. Behind a reverse proxy, set N8N_PROXY_HOPS so that n8n sees the IP address of the sender.',
		},
		timezoneOption,
	),
];
