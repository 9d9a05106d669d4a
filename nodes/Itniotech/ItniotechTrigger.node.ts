import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { testItniotechApi } from './methods/credentialTest';
import { listSearch } from './methods/listSearch';
import { CAMPAIGN_FINISHED, eventSubtitle, readAlarmName } from './triggers/events';
import { pollAlarm, sampleAlarm } from './triggers/polling/alarms/pollAlarm';
import { pollCampaigns, sampleCampaign } from './triggers/polling/campaigns/pollCampaigns';
import { pollingDescription } from './triggers/polling/description';
import { poll, sample } from './triggers/polling/poll';
import { pollOnce } from './triggers/polling/pollOnce';
import type { PollStart } from './triggers/polling/pollRun';
import { withNodeErrors } from './shared/nodeError';

const IS_ALARM = '["thresholdCrossed", "balanceLow"].includes($parameter["event"])';
const IS_CAMPAIGN = `$parameter["event"] === "${CAMPAIGN_FINISHED}"`;

const BEFORE_EXECUTION = { type: 'info', location: 'outputPane', whenToDisplay: 'beforeExecution' } as const;

export class ItniotechTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITNIO TECH Trigger',
		name: 'itniotechTrigger',
		icon: { light: 'file:itniotech.svg', dark: 'file:itniotech.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventSubtitle,
		// n8n's panel shows it for the whole family.
		description:
			'Query, report and place ITNIO TECH voice calls, and start a workflow when calls fail or end, or an alarm is raised',
		eventTriggerDescription: 'Waiting for calls',
		activationMessage:
			'ITNIO TECH is now polled at the times you chose. The first time, only calls and campaigns that end from now on are output, unless "Start From (Hours Back)" is set. After that, the trigger goes on where it stopped. If a threshold is already crossed and its alarm is not active yet, the alarm is raised at once.',
		hints: [
			{
				message:
					'Choose "Fetch Test Event" to see a recent call. The first time the workflow is published, only calls that end from then on are output, unless "Start From (Hours Back)" is set. After that, the trigger goes on where it stopped.',
				...BEFORE_EXECUTION,
				displayCondition: `={{ !${IS_ALARM} && !(${IS_CAMPAIGN}) }}`,
			},
			{
				message:
					'Choose "Fetch Test Event" to see the newest campaign that has ended. The first time the workflow is published, only campaigns that end from then on are output. After that, the trigger goes on where it stopped.',
				...BEFORE_EXECUTION,
				displayCondition: `={{ ${IS_CAMPAIGN} }}`,
			},
			{
				message:
					'Choose "Fetch Test Event" to see the current value. Once the workflow is published, an item is output when the alarm is raised, and one when it is cleared unless "Notify When Cleared" is off.',
				...BEFORE_EXECUTION,
				displayCondition: `={{ ${IS_ALARM} }}`,
			},
			{
				message:
					'If the value hovers around the threshold, the alarm is raised and cleared often. To avoid that, add the option "Clear At" with another value.',
				...BEFORE_EXECUTION,
				displayCondition: `={{ ${IS_ALARM} && ["", $parameter["threshold"]].includes($parameter["options"]?.clearAt ?? "") }}`,
			},
		],
		builderHint: {
			searchHint:
				'Starts when ITNIO TECH voice calls fail, are answered or end, also those that ended while n8n was down. "Digest" outputs one item per poll that finds such calls, with a text for a chat message.',
		},
		defaults: { name: 'ITNIO TECH Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'itniotechApi', required: true, testedBy: 'testItniotechApi' }],
		properties: pollingDescription,
	};

	methods = { credentialTest: { testItniotechApi }, listSearch };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await withNodeErrors(this, async () =>
			this.getMode() === 'manual' ? [await sampleEvent(this)] : await pollOnce(this, pollEvent),
		);
	}
}

async function sampleEvent(context: IPollFunctions): Promise<INodeExecutionData[]> {
	const event: unknown = context.getNodeParameter('event', null);
	if (event === CAMPAIGN_FINISHED) return await sampleCampaign(context);
	const alarm = readAlarmName(event);
	return alarm ? await sampleAlarm(context, alarm) : await sample(context);
}

async function pollEvent(context: IPollFunctions, start: PollStart) {
	const event: unknown = context.getNodeParameter('event', null);
	if (event === CAMPAIGN_FINISHED) return await pollCampaigns(context, start);
	const alarm = readAlarmName(event);
	if (alarm) return await pollAlarm(context, alarm, start);
	return await poll(context, start);
}
