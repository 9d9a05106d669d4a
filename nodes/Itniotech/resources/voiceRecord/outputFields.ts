import type { INodeProperties } from 'n8n-workflow';
import { recordFieldOptions, simplifyField } from '../../shared/fields';

/** How much of each record is output: a switch on the canvas, a choice for an AI agent. */
export const outputFields: INodeProperties[] = [
	{ ...simplifyField, displayOptions: { hide: { '@tool': [true] } } },
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'Raw', value: 'raw', description: 'Every field, as ITNIO TECH sends it' },
			{ name: 'Selected Fields', value: 'selectedFields', description: 'Only the fields that you choose' },
			{ name: 'Simplified', value: 'simplified', description: 'The fields that most workflows need' },
		],
		default: 'simplified',
		displayOptions: { show: { '@tool': [true] } },
		description: 'How much of each record to give to the AI agent. Less text costs fewer tokens.',
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'multiOptions',
		options: recordFieldOptions,
		default: ['voiceId', 'submitTime', 'outcome', 'reason'],
		displayOptions: { show: { '@tool': [true], output: ['selectedFields'] } },
		description: 'Fields of each record to output. "Voice ID" is always among them.',
	},
];
