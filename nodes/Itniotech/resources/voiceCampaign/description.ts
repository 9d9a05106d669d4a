import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { optionsField, simplifyField, timezoneOption } from '../../shared/fields';
import { forOperation, operationChoice } from '../displayed';
import { agentNotice, callNotice } from '../placing/fields';
import { CREATE_OPTIONS, campaignFieldsOption, campaignIdField, createFields, listFields } from './fields';

const callFailedAgainOperation: INodePropertyOptions = {
	name: 'Call Failed Numbers Again',
	value: 'callFailedAgain',
	description:
		'Call the failed numbers of a campaign again, in a new campaign that may begin at once. Rings real phones and costs money.',
	action: 'Call failed numbers of a campaign again',
};

const create: INodePropertyOptions = {
	name: 'Create Campaign',
	value: 'create',
	description:
		'Call the numbers of all input items in one campaign, at the pace of ITNIO TECH. Rings real phones and costs money.',
	action: 'Create a campaign',
};

/** n8n's linter would have it named "Get Many", which does not say of what. */
const GET_MANY = 'getAll';

const others: INodePropertyOptions[] = [
	{
		name: 'Cancel Campaign',
		value: 'cancel',
		description: 'Stop calling the numbers of a campaign. Calls that are under way may go on.',
		action: 'Cancel a campaign',
	},
	{
		name: 'Get Campaign',
		value: 'get',
		description: 'Get the status and the figures of a campaign',
		action: 'Get a campaign',
	},
	{
		name: 'Get Many Campaigns',
		value: GET_MANY,
		description: 'Get the campaigns of a time range',
		action: 'Get many campaigns',
	},
];

const byName = (a: INodePropertyOptions, b: INodePropertyOptions) => a.name.localeCompare(b.name);

export const campaignOperations: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [callFailedAgainOperation, create, ...others].sort(byName),
	default: 'create',
};

const campaignOperationsOfAgents: INodeProperties = {
	...campaignOperations,
	options: [
		{
			...callFailedAgainOperation,
			action: 'Warning: rings real phones and costs money each time. Calls failed numbers again',
		},
		{
			...create,
			action: 'Warning: rings real phones and costs money each time. Calls all the numbers of a campaign',
		},
		...others,
	].sort(byName),
};

const againNotice: INodeProperties = {
	...callNotice,
	displayName: callNotice.displayName.replace(
		', unless "Dry Run" under "Options" is on',
		', and may do so at once, whatever the calling hours of the earlier campaign',
	),
};

export const voiceCampaignDescription: INodeProperties[] = [
	...operationChoice('voiceCampaign', campaignOperations, campaignOperationsOfAgents),
	...forOperation('voiceCampaign', 'create', [
		callNotice,
		agentNotice,
		...createFields,
		optionsField(...CREATE_OPTIONS),
	]),
	...forOperation('voiceCampaign', 'callFailedAgain', [againNotice, agentNotice, campaignIdField]),
	...forOperation('voiceCampaign', 'cancel', [campaignIdField]),
	...forOperation('voiceCampaign', 'get', [
		campaignIdField,
		simplifyField,
		optionsField(campaignFieldsOption, timezoneOption),
	]),
	...forOperation('voiceCampaign', 'getAll', [
		...listFields,
		optionsField(campaignFieldsOption, timezoneOption),
	]),
];
