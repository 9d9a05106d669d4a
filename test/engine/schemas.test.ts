/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync } from 'fs';
import type { INodeParameters } from 'n8n-workflow';
import { join } from 'path';

import { properties } from '../../nodes/Itniotech/resources';
import { DEFAULT_BEHAVIOUR } from '../simulator/behaviour';
import { useReports } from './support/summaries';
import { NOW_MS } from '../support/times';

const SCHEMAS = join(__dirname, '../../dist/nodes/Itniotech/__schema__/v1.0.0');

interface Schema {
	properties: Record<string, { type: string | string[] }>;
}

/** Each operation with the parameters that it needs. */
const NEEDED: Record<string, INodeParameters> = {
	'voiceRecord/get': { voiceId: '={{ $json.id }}' },
	'voiceRecord/export': { format: 'csv' },
	'voiceRecord/summarize': { timeRange: 'last7Days', compareWith: 'weekEarlier' },
	'voiceMessage/sendText': { calledNumber: '15550100', text: 'Hello', language: 'EN', appId: 'app' },
	'voiceMessage/sendFile': {
		calledNumbers: '15550100',
		fileId: { __rl: true, mode: 'id', value: DEFAULT_BEHAVIOUR.files[0].fileId },
		appId: 'app',
	},
	'voiceMessage/uploadFile': { binaryPropertyName: 'data' },
	'voiceCampaign/create': { calledNumber: '15550100', messageType: 'text', text: 'Hello', appId: 'app' },
	'voiceCampaign/get': { campaignId: '5000602' },
	'voiceCampaign/cancel': { campaignId: '5000602' },
	'voiceCampaign/callFailedAgain': { campaignId: '5000602' },
};
/** A campaign that has ended, and one of its two numbers did not answer. */
const TASK = {
	taskName: 'Spring',
	numbers: ['15550100', '15550101'],
	text: 'Hello',
	lan: 'EN',
	source: 3,
	appId: 'app',
};
const ENDS_AT_ONCE = {
	terminationCodes: { '15550101': '486' },
	taskSubmitMs: 0,
	taskCallEveryMs: 0,
	ringMs: 0,
	talkMs: 0,
};
const FILE = { data: Buffer.from('sound').toString('base64'), mimeType: 'audio/mpeg', fileName: 'hello.mp3' };

const operations = properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options, displayOptions }) =>
		(options as Array<{ value: string }>).map(({ value }) => [displayOptions!.show!.resource![0], value]),
	)
	.map((names) => names.join('/'));

const typeNameOf = (value: unknown) =>
	value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

describe('what n8n shows of the output before a run', () => {
	const { run, known, simulator } = useReports();

	it.each([...new Set(operations)])('is what %s outputs, in its order and types', async (name) => {
		const [resource, operation] = name.split('/');
		const { properties: fields } = JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), 'utf8')) as Schema;
		const [{ voiceId }] = known([0, NOW_MS]);
		const parameters = { resource, operation, timeRange: 'last31Days', ...NEEDED[name] };
		Object.assign(simulator().behaviour, ENDS_AT_ONCE);
		simulator().addTask(TASK);
		const { items, error } = await run(parameters, { input: [{ id: voiceId }], binary: { data: FILE } });
		expect(error).toBeUndefined();
		expect(items.length).toBeGreaterThan(0);
		for (const { json } of items) {
			expect(Object.keys(json)).toEqual(Object.keys(fields));
			for (const [field, { type }] of Object.entries(fields))
				expect([type].flat()).toContain(typeNameOf(json[field]));
		}
		// The editor shows the first type alone.
		const shown = Object.values(fields).map(({ type }) => [type].flat()[0]);
		expect(shown).not.toContain('null');
	});
});
