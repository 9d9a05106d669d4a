import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { optionsField } from '../../shared/fields';
import { forOperation, operationChoice } from '../displayed';
import { agentNotice, callNotice } from '../placing/fields';
import { SHARED_OPTIONS, TEXT_OPTIONS, fileFields, textFields, uploadFields } from './fields';

const sendFile: INodePropertyOptions = {
	name: 'Send Audio File Call',
	value: 'sendFile',
	description:
		'Call one or many numbers and play an audio file to whoever answers. Rings real phones and costs money.',
	action: 'Send an audio file call',
};

const sendText: INodePropertyOptions = {
	name: 'Send Text-to-Speech Call',
	value: 'sendText',
	description: 'Call a number and read a text to whoever answers. Rings a real phone and costs money.',
	action: 'Send a text-to-speech call',
};

const uploadFileOperation: INodePropertyOptions = {
	name: 'Upload Audio File',
	value: 'uploadFile',
	description: 'Store an audio file at ITNIO TECH, for calls and campaigns to play',
	action: 'Upload an audio file',
};

export const messageOperations: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [sendFile, sendText, uploadFileOperation],
	default: 'sendText',
};

/** An agent has no file to upload. */
const messageOperationsOfAgents: INodeProperties = {
	...messageOperations,
	options: [
		{
			...sendFile,
			action:
				'Warning: rings real phones and costs money each time. Plays an audio file to the called numbers',
		},
		{
			...sendText,
			action: 'Warning: rings a real phone and costs money each time. Reads a text to the called number',
		},
	],
};

export const voiceMessageDescription: INodeProperties[] = [
	...operationChoice('voiceMessage', messageOperations, messageOperationsOfAgents),
	...forOperation('voiceMessage', 'sendText', [
		callNotice,
		agentNotice,
		...textFields,
		optionsField(...SHARED_OPTIONS, ...TEXT_OPTIONS),
	]),
	...forOperation('voiceMessage', 'sendFile', [
		callNotice,
		agentNotice,
		...fileFields,
		optionsField(...SHARED_OPTIONS),
	]),
	...forOperation('voiceMessage', 'uploadFile', uploadFields),
];
