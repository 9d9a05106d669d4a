/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync } from 'fs';
import { join } from 'path';
import {
	NodeHelpers,
	Workflow,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
	type INodeType,
} from 'n8n-workflow';
import { Itniotech } from '../../nodes/Itniotech/Itniotech.node';
import { ItniotechPushTrigger } from '../../nodes/Itniotech/ItniotechPushTrigger.node';
import { ItniotechTrigger } from '../../nodes/Itniotech/ItniotechTrigger.node';
import { outcomeOf } from '../../nodes/Itniotech/records/record';

const NODES: INodeType[] = [new Itniotech(), new ItniotechTrigger(), new ItniotechPushTrigger()];

/** What n8n shows of a node with these parameters, as a node or as a tool for AI agents. */
function parametersOf(
	{ description }: INodeType,
	parameters: INodeParameters,
	{ isTool = false } = {},
): INodeProperties[] {
	const name = isTool ? `${description.name}Tool` : description.name;
	return description.properties.filter((property) =>
		NodeHelpers.displayParameter(parameters, property, null, { ...description, name }),
	);
}

const choicesOf = (properties: INodeProperties[], name: string) =>
	properties
		.filter((property) => property.name === name)
		.flatMap(({ options }) => options as INodePropertyOptions[])
		.map(({ value }) => String(value));

const subtitleOf = (node: INodeType, parameters: INodeParameters) =>
	valueOf(node, node.description.subtitle!, parameters);

/** What n8n makes of an expression in a description. */
function valueOf(node: INodeType, expression: string, parameters: INodeParameters): unknown {
	const nodeTypes = { getByName: () => node, getByNameAndVersion: () => node, getKnownTypes: () => ({}) };
	const { name } = node.description;
	const one = {
		id: name,
		name,
		type: name,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters,
	};
	const workflow = new Workflow({ nodes: [one], connections: {}, active: false, nodeTypes });
	return workflow.expression.getSimpleParameterValue(workflow.getNode(name)!, expression, 'internal', {});
}

describe('on the canvas, the subtitle says in words what the node does', () => {
	const resources = choicesOf(NODES[0].description.properties, 'resource');
	const operations = resources.flatMap((resource) =>
		choicesOf(parametersOf(NODES[0], { resource }), 'operation').map((operation) => ({
			resource,
			operation,
		})),
	);

	test.each(operations)('for $operation', (parameters) => {
		expect(subtitleOf(NODES[0], parameters)).toMatch(/^[A-Z][a-z]+( [a-zA-Z-]+)+$/);
	});

	test.each(NODES.slice(1))('for each event of $description.displayName', (node) => {
		const events = choicesOf(node.description.properties, 'event');
		const subtitles = events.map((event) => subtitleOf(node, { event }));
		expect(new Set(subtitles).size).toBe(events.length);
		for (const subtitle of subtitles) expect(subtitle).toMatch(/^[A-Z][a-z]+( [a-z]+)*$/);
	});

	test('the wording is that of the lists', () => {
		expect(subtitleOf(NODES[0], { resource: 'voiceRecord', operation: 'summarize' })).toBe(
			'Summarize voice records',
		);
		expect(subtitleOf(NODES[1], { event: 'callFailed' })).toBe('Call failed');
	});
});

/** A field and those within it. */
function fieldsIn(property: INodeProperties): INodeProperties[] {
	const inner = property.type === 'collection' ? (property.options as INodeProperties[]) : [];
	return [property, ...inner.flatMap(fieldsIn)];
}

test.each(NODES)(
	'the labels of $description.displayName have one style, and say the unit of a time',
	(node) => {
		const fields = node.description.properties.flatMap(fieldsIn);
		const labels = fields.map(({ displayName }) => displayName);
		expect(labels.filter((label) => /\b(Per|Of|In)\b/.test(label.slice(1)))).toEqual([]);
		const numbers = fields.filter(({ type }) => type === 'number').map(({ displayName }) => displayName);
		const times = numbers.filter((label) =>
			/Age|Duration|Every|Interval|Last|Look-Back|Short|Start From|Time|Wait|Window/.test(label),
		);
		expect(times.filter((label) => !/\((Seconds|Minutes|Hours|Hours Back)\)$/.test(label))).toEqual([]);
	},
);

function aliasesOf(node: INodeType): string[] {
	const file = join(__dirname, `../../nodes/Itniotech/${node.constructor.name}.node.json`);
	return (JSON.parse(readFileSync(file, 'utf8')) as { alias: string[] }).alias;
}

test.each(NODES)('the nodes panel finds $description.displayName by what people search for', (node) => {
	expect(aliasesOf(node)).toEqual(
		expect.arrayContaining([
			...['call log', 'call history', 'call report', 'call statistics', 'failed calls', 'missed calls'],
			...['VoIP', 'SIP', 'balance', 'phone bill', 'Get Many Voice Records'],
		]),
	);
});

test('only where calls may not have ended can one choose those that have not', () => {
	const outcomesOf = ({ description }: INodeType) =>
		description.properties
			.filter(({ name }) => name === 'filters')
			.filter(({ options }) => options!.some(({ name }) => name === 'outcome'))
			.map(({ options }) => choicesOf(options as INodeProperties[], 'outcome').includes('pending'));
	expect(NODES.map((node) => [...new Set(outcomesOf(node))])).toEqual([[true], [false], [false]]);
});

test('the outcome of a call is no filter where the event decides it', () => {
	for (const node of NODES.slice(1)) {
		const { description } = node;
		for (const event of choicesOf(description.properties, 'event')) {
			const parameters = { event, metric: 'calls', output: 'digest' };
			const filters = parametersOf(node, parameters).find(({ name }) => name === 'filters');
			const offered = ((filters?.options ?? []) as INodeProperties[])
				.filter((option) => NodeHelpers.displayParameter({}, option, null, description, parameters))
				.map(({ name }) => name);
			const isDecided = ['callFailed', 'callAnswered', 'balanceLow', 'campaignFinished'].includes(event);
			expect([event, offered.includes('outcome')]).toEqual([event, !isDecided]);
		}
	}
});

describe('the trigger', () => {
	const { description } = NODES[1];
	const events = choicesOf(description.properties, 'event');
	const namesOf = (properties: INodeProperties[]) => properties.map(({ name }) => name).sort();
	const displayed = (parameters: INodeParameters) => {
		const properties = parametersOf(NODES[1], parameters);
		const all = properties.find(({ name }) => name === 'options')!.options as INodeProperties[];
		const options = all.filter((option) =>
			NodeHelpers.displayParameter({}, option, null, description, parameters),
		);
		return { fields: namesOf(properties), options: namesOf(options) };
	};

	test.each(events)('has no field of another event: %s', (event) => {
		const common = ['event', 'options'];
		const paging = ['lookback', 'maxConcurrentRequests', 'pageSize'];
		const alarm = ['clearAt', 'notifyWhenCleared', 'remindEvery', 'timezone'];
		const ofFigures = [
			'condition',
			'filters',
			'metric',
			'minimumCalls',
			'threshold',
			'windowMinutes',
			'alarmPer',
		];
		const ofCalls = {
			fields: [...common, 'filters', 'output'],
			options: [...paging, 'fields', 'startFrom', 'timezone'],
		};
		const ofAlarms: Record<string, typeof ofCalls> = {
			thresholdCrossed: {
				fields: [...common, ...ofFigures],
				options: [...alarm, ...paging, 'ignoreLast'],
			},
			balanceLow: { fields: [...common, 'threshold'], options: alarm },
			campaignFinished: { fields: [...common, 'simplify'], options: ['timezone'] },
		};
		const expected = ofAlarms[event] ?? ofCalls;
		// With what an event before it left behind.
		for (const left of [{ output: 'eachRecord' }, { output: 'digest', simplify: false, startFrom: 5 }]) {
			const isDigest = left.output === 'digest';
			const minimumFailures = event === 'callFailed' && isDigest ? ['minimumFailures'] : [];
			const simplify = expected === ofCalls && !isDigest ? ['simplify'] : [];
			expect(displayed({ event, metric: 'failureRate', ...left })).toEqual({
				fields: [...expected.fields, ...minimumFailures, ...simplify].sort(),
				options: [...expected.options].sort(),
			});
		}
	});

	test('has a termination code for its share alone, and a minimum of calls for shares alone', () => {
		for (const metric of choicesOf(description.properties, 'metric')) {
			const { fields } = displayed({ event: 'thresholdCrossed', metric });
			expect(fields.includes('terminationCode')).toBe(metric === 'codeShare');
			expect(fields.includes('minimumCalls')).toBe(!['failures', 'calls', 'cost'].includes(metric));
			expect(fields.filter((name) => ['threshold', 'alarmPer'].includes(name))).toHaveLength(2);
		}
	});

	test.each<[INodeParameters, string[]]>([
		[{ event: 'callFailed' }, ['a recent call']],
		[{ event: 'balanceLow', threshold: 10 }, ['the current value', 'raised and cleared often']],
		[
			{ event: 'thresholdCrossed', options: { clearAt: 20 } },
			['the current value', 'raised and cleared often'],
		],
		[{ event: 'thresholdCrossed', options: { clearAt: 15 } }, ['the current value']],
		[{ event: 'balanceLow', threshold: 10, options: { clearAt: 12 } }, ['the current value']],
	])('has hints that fit: %p', (parameters, texts) => {
		const messages = description
			.hints!.filter(({ displayCondition }) => valueOf(NODES[1], displayCondition!, parameters) === true)
			.map(({ message }) => message);
		expect(messages).toEqual(texts.map((text) => expect.stringContaining(text) as string));
	});
});

/** A property, an option or a choice, and all that is in it. */
type Described = {
	displayName?: string;
	name?: string;
	description?: string;
	hint?: string;
	options?: unknown;
};
const inDepth = (list: unknown): Described[] =>
	Array.isArray(list)
		? (list as Described[]).flatMap((one) => [
				one,
				...inDepth(one.options),
				...inDepth((one as INodePropertyCollection).values),
			])
		: [];

test.each(NODES.map(({ description }) => description))(
	'a text of $displayName quotes only names that are there to be found',
	({ properties, hints = [], activationMessage = '' }) => {
		const all = inDepth(properties);
		const names = all.flatMap(({ displayName, name }) => [displayName, name]);
		const ofN8n = ['Execute step', 'Fetch Test Event', 'Webhook URLs', 'Options'];
		const ofFields = ['campaignId', 'details', 'reason', 'skipped', 'voiceId'];
		const texts = [
			...all.flatMap(({ description = '', hint = '' }) => [description, hint]),
			...hints.map(({ message }) => message),
			activationMessage,
		];
		const quoted = texts.flatMap((text) => [...text.matchAll(/"([^"]+)"/g)].map(([, name]) => name));
		expect(quoted.length).toBeGreaterThan(2);
		expect(quoted.filter((name) => ![...names, ...ofN8n, ...ofFields].includes(name))).toEqual([]);
	},
);

test('what the trigger says before and after it is published holds with each of its options', () => {
	const { hints = [], activationMessage } = NODES[1].description;
	const [calls, campaigns, alarms] = hints.map(({ message }) => message);
	// A stored state is gone on from, whatever is published again.
	for (const text of [calls, campaigns, activationMessage])
		expect(text).toMatch(/[Tt]he first time.*After that, the trigger goes on where it stopped/);
	for (const text of [calls, activationMessage])
		expect(text).toContain('unless "Start From (Hours Back)" is set');
	expect(alarms).toContain('unless "Notify When Cleared" is off');
});

test.each([
	['query', 'last24Hours'],
	['report', 'yesterday'],
	// Shorter than the calls of a number go on, "Max Attempts" would end nothing.
	['unreached', 'last7Days'],
])('%s begins with the time range %s', (operation, range) => {
	const fields = parametersOf(NODES[0], { resource: 'voiceRecord', operation });
	expect(fields.find(({ name }) => name === 'timeRange')?.default).toBe(range);
});

test('the nodes panel finds the ITNIO TECH node by what places calls', () => {
	const asked = [
		'call',
		'text to speech',
		'TTS',
		'voice message',
		'OTP',
		'dial',
		'IVR',
		'robocall',
		'campaign',
		'call center',
		'outbound calls',
		'audio file',
		'unreached',
		'phone call',
		'telephone',
	];
	expect(aliasesOf(NODES[0])).toEqual(expect.arrayContaining(asked));
});

test.each(NODES)(
	'$description.displayName says of a timezone that an option changes it',
	({ description }) => {
		const parameters = [description.properties, ...description.properties.map(({ options }) => options ?? [])]
			.flat()
			.filter((property): property is INodeProperties => 'type' in property && property.name !== 'timezone');
		const texts = parameters
			.map((property) => property.description ?? '')
			.filter((text) => /timezone/.test(text));
		expect(texts.length).toBeGreaterThan(0);
		expect(texts.filter((text) => !/unless you set "Timezone"/.test(text))).toEqual([]);
	},
);

// The panel shows a trigger "X Trigger" within "X", and searches the aliases of X alone.
test('the nodes panel finds the ITNIO TECH Trigger by its words', () => {
	const trigger = NODES.find(({ constructor }) => constructor.name === 'ItniotechTrigger')!;
	expect(aliasesOf(NODES[0])).toEqual(expect.arrayContaining(aliasesOf(trigger)));
});

test.each([
	['voiceMessage', ['sendFile', 'sendText']],
	['voiceCampaign', ['callFailedAgain', 'create']],
])(
	'an AI agent reads of each operation of %s that places calls what it does and costs',
	(resource, placing) => {
		const tool = (operation: string) =>
			NodeHelpers.makeDescription(
				{ resource, operation },
				{
					...NODES[0].description,
					name: 'itniotechTool',
					properties: parametersOf(NODES[0], { resource }, { isTool: true }),
				},
			);
		const operations = choicesOf(parametersOf(NODES[0], { resource }, { isTool: true }), 'operation');
		const warned = operations.filter((operation) =>
			/^Warning: rings (a real phone|real phones) and costs money/.test(tool(operation)),
		);
		expect(warned).toEqual(placing);
	},
);

test('AI agents are offered all operations but those with files', () => {
	const operationsOf = (isTool: boolean) =>
		['voiceRecord', 'voiceMessage', 'voiceCampaign'].flatMap((resource) =>
			choicesOf(parametersOf(NODES[0], { resource }, { isTool }), 'operation'),
		);
	const ofAgents = operationsOf(true);
	expect(operationsOf(false).filter((operation) => !ofAgents.includes(operation))).toEqual([
		'export',
		'uploadFile',
	]);
});

describe.each(['sendText', 'sendFile'])('the form of %s', (operation) => {
	const PLACING = { resource: 'voiceMessage', operation };
	const shown = (isTool: boolean) => parametersOf(NODES[0], PLACING, { isTool });
	const noticesOf = (isTool: boolean) => shown(isTool).filter(({ type }) => type === 'notice');

	it('says above all fields that a step rings phones, and links to the page on calls', () => {
		const [notice, ...others] = noticesOf(false);
		expect(others).toEqual([]);
		expect(notice.displayName).toMatch(
			/^<b>Execute step rings real phones and costs money<\/b>, unless "Dry Run"/,
		);
		const fields = shown(false).filter(({ name }) => !['resource', 'operation'].includes(name));
		expect(fields[0]).toBe(notice);
		const page = /href="https:\/\/github\.com\/.+?\/blob\/main\/(docs\/.+?)"/.exec(notice.displayName)?.[1];
		expect(readFileSync(join(__dirname, '../..', page!), 'utf8')).toContain(
			'**Execute step rings real phones.**',
		);
	});

	it('has the option that the notice names, under the name that it says', () => {
		const options = shown(false).find(({ name }) => name === 'options')!;
		expect(options.displayName).toBe('Options');
		expect(options.options?.map((option) => 'displayName' in option && option.displayName)).toContain(
			'Dry Run',
		);
	});

	it('says something else to an agent, for which there is no step', () => {
		const [notice, ...others] = noticesOf(true);
		expect(others).toEqual([]);
		expect(notice.displayName).toContain('Each use of this tool rings a real phone');
		expect(notice.displayName).not.toContain('Execute step');
	});

	it('asks for an App ID, and offers languages as a list', () => {
		const field = (wanted: string) => shown(false).find(({ name }) => name === wanted);
		expect(field('appId')).toMatchObject({ required: true, default: '' });
		if (operation === 'sendFile') return expect(field('language')).toBeUndefined();
		expect(field('language')).toMatchObject({
			type: 'resourceLocator',
			modes: [{ type: 'list', typeOptions: { searchListMethod: 'searchLanguages' } }, { type: 'string' }],
		});
	});
});

test('AI agents always have a limit: they are not offered Return All', () => {
	const query = { resource: 'voiceRecord', operation: 'query' };
	const namesOf = (parameters: INodeParameters, isTool: boolean) =>
		parametersOf(NODES[0], parameters, { isTool })
			.map(({ name }) => name)
			.filter((name) => ['returnAll', 'limit'].includes(name));
	expect(namesOf(query, true)).toEqual(['limit']);
	expect(namesOf({ ...query, returnAll: false }, false)).toEqual(['returnAll', 'limit']);
	expect(namesOf({ ...query, returnAll: true }, false)).toEqual(['returnAll']);
});

const ENDED_AT = '2026-11-20T13:00:00+08:00';
test.each([
	['answered', { terminationCode: '200' }, 'Termination code 200'],
	['answered', { terminationCode: '0' }, '(0 in older accounts)'],
	['failed', { terminationCode: '486' }, 'Any other termination code'],
	['answered', { hangupTime: ENDED_AT, answerTime: ENDED_AT }, 'without a code: one with an answer time'],
	['answered', { hangupTime: ENDED_AT, callDuration: 5 }, 'or a duration'],
	['failed', { hangupTime: ENDED_AT, callDuration: 0 }, 'without a code: one with neither'],
	['voicemail', { callStatus: 40, terminationCode: '200' }, 'Call status 40'],
	['pending', { answerTime: ENDED_AT }, 'has not ended yet'],
])('the filter Outcome says which calls are %s: %j', (outcome, fields, words) => {
	expect(outcomeOf({ voiceId: '1', ...fields })).toBe(outcome);
	const choices = NODES.flatMap(({ description }) => description.properties.flatMap(fieldsIn))
		.filter(({ name }) => name === 'outcome')
		.flatMap(({ options }) => (options as INodePropertyOptions[]).filter(({ value }) => value === outcome));
	expect(choices.length).toBeGreaterThan(0);
	for (const { description } of choices) expect(description).toContain(words);
});
