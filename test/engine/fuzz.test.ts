import fc from 'fast-check';
import fastify, { type FastifyInstance } from 'fastify';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { DEMO_CREDENTIAL } from '../simulator/simulator';
import type * as TestClocks from '../support/testClock';
import { useTestClock } from '../support/testClock';
import { createPollContext, createPushTrigger, runWorkflow, workflowOf } from './support/engine';
import { tableOf } from './support/summaries';
import { NOW_MS } from '../support/times';

const RUNS = 150;

useTestClock(NOW_MS);

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

/** Every request of one run at most: 2 windows, 5 passes, 5 tries, and pages that are in flight. */
const MOST_REQUESTS = 500;

interface Answer {
	httpStatus: number;
	headers: Record<string, string>;
	body: string | Buffer;
}

let app: FastifyInstance;
let baseUrl: string;
let answer: Answer;
let requests = 0;

beforeAll(async () => {
	app = fastify({ forceCloseConnections: true });
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
	app.all('/*', async (_request, reply) => {
		// Ends what would go on for ever.
		if (++requests > MOST_REQUESTS) return await reply.code(404).send();
		return await reply.code(answer.httpStatus).headers(answer.headers).send(answer.body);
	});
	baseUrl = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => await app.close());

/** Values as careless, broken or hostile servers send them. */
const value: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom(
		null,
		'',
		0,
		-1,
		1e308,
		2 ** 60,
		true,
		[],
		{},
		'0',
		'-22',
		'NaN',
		'2026-11-20',
		'x'.repeat(5000),
	),
	fc.string(),
	fc.integer(),
	fc.jsonValue({ maxDepth: 2 }),
);
const fields = [
	'voiceId',
	'callee',
	'code',
	'submitTime',
	'callTime',
	'callDuration',
	'terminationCode',
	'cost',
	'currency',
	'__proto__',
	'constructor',
];
const record = fc.oneof(
	{
		weight: 6,
		arbitrary: fc
			.record({ voiceId: fc.oneof(fc.nat(50).map(String), value) })
			.chain((id) =>
				fc.dictionary(fc.constantFrom(...fields.slice(1)), value).map((rest) => ({ ...rest, ...id })),
			),
	},
	{ weight: 1, arbitrary: value },
);
const page = fc.record(
	{
		total: value,
		size: value,
		current: value,
		pages: value,
		searchCount: value,
		records: fc.oneof({ weight: 5, arbitrary: fc.array(record, { maxLength: 6 }) }, value),
	},
	{ requiredKeys: [] },
);
const envelope = fc.record(
	{
		status: fc.oneof({ weight: 6, arbitrary: fc.constantFrom('0', 0) }, value),
		code: value,
		reason: value,
		msg: value,
		data: fc.oneof({ weight: 6, arbitrary: page }, record, value),
		balance: value,
	},
	{ requiredKeys: ['status', 'data'] },
);
const body = fc.oneof(
	{ weight: 6, arbitrary: envelope.map((json) => JSON.stringify(json)) },
	envelope.chain((json) => {
		const text = JSON.stringify(json);
		return fc.nat(text.length).map((length) => text.slice(0, length));
	}),
	fc.json(),
	fc.string(),
	fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
	fc.constantFrom(
		'<html><body>Sign in</body></html>',
		'['.repeat(20_000),
		'{"status":"0","data":'.repeat(50),
	),
);
const randomAnswer: fc.Arbitrary<Answer> = fc.record({
	httpStatus: fc.oneof(
		{ weight: 6, arbitrary: fc.constant(200) },
		fc.constantFrom(201, 204, 301, 400, 401, 403, 404, 418, 429, 500, 502, 503),
	),
	headers: fc.record(
		{
			'content-type': fc.constantFrom(
				'application/json',
				'text/html',
				'application/octet-stream',
				'nonsense',
			),
			'retry-after': fc.constantFrom('0', '1', '-5', 'soon', '99999999'),
			date: fc.constantFrom('Fri, 20 Nov 2026 08:00:00 GMT', 'yesterday', ''),
			location: fc.constantFrom('http://192.0.2.1/', 'nonsense'),
		},
		{ requiredKeys: ['content-type'] },
	),
	body,
});

/** What a message must not be: empty, a piece of code, or a leak. */
function expectClear(error: { message: string; description?: string | null }): void {
	const text = `${error.message}\n${error.description ?? ''}`;
	expect(error.message.trim().length).toBeGreaterThan(10);
	expect((error.description ?? '').trim().length).toBeGreaterThan(10);
	expect(text).not.toMatch(
		/undefined|\[object|is not a function|Cannot read|at .*\.js:|Unexpected token|Maximum call/,
	);
	expect(text).not.toContain(DEMO_CREDENTIAL.apiKey);
	expect(text).not.toContain(DEMO_CREDENTIAL.apiSecret);
	expect(text.length).toBeLessThan(1000);
}

type Check = (items: INodeExecutionData[]) => void;

const checkIds: Check = (items) => {
	const ids = items.map(({ json }) => json.voiceId);
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids.every((id) => typeof id === 'string' && id !== '')).toBe(true);
};

const checkSummary: Check = (items) => {
	expect(items.length).toBeGreaterThan(0);
	for (const { json } of items) {
		expect(json.calls).toBe(Number(json.answered) + Number(json.failed) + Number(json.pending));
		expect(Object.values(json).filter((value) => typeof value === 'object' && value !== null)).toEqual([]);
	}
};

const checkFile: Check = ([file, ...others]) => {
	expect(others).toEqual([]);
	const rows = tableOf(file);
	expect(rows).toHaveLength(Number(file.json.records));
	checkIds(rows.map((json) => ({ json })));
};

const checkBalance: Check = ([{ json }]) => {
	expect(Number.isFinite(json.balance)).toBe(true);
	for (const name of ['gift', 'credit'])
		expect(json[name] === null || Number.isFinite(json[name])).toBe(true);
};

/** What a success must be like, by operation. */
const OPERATIONS: Array<[string, INodeParameters, Check]> = [
	['query', { operation: 'query', timeRange: 'last7Days', returnAll: true }, checkIds],
	[
		'query of raw records',
		{ operation: 'query', timeRange: 'last7Days', returnAll: false, limit: 3, simplify: false },
		checkIds,
	],
	['get', { operation: 'get', voiceId: '7' }, checkIds],
	[
		'summarize',
		{ operation: 'summarize', timeRange: 'last7Days', groupBy: ['day', 'area', 'currency'] },
		checkSummary,
	],
	['export', { operation: 'export', timeRange: 'last7Days', format: 'csv' }, checkFile],
	['balance', { resource: 'account', operation: 'getBalance' }, checkBalance],
];

test.each(OPERATIONS)(
	'%s ends with items or a clear message, whatever the API answers',
	async (_name, parameters, check) => {
		await fc.assert(
			fc.asyncProperty(randomAnswer, async (random) => {
				answer = random;
				requests = 0;
				const file = workflowOf({ resource: 'voiceRecord', ...parameters });
				const { error, items } = await runWorkflow(file, { credential: { ...DEMO_CREDENTIAL, baseUrl } });
				expect(requests).toBeLessThan(MOST_REQUESTS);
				if (error) expectClear(error);
				else check(items);
			}),
			{ numRuns: RUNS },
		);
	},
);

/** What the trigger keeps, as text. */
function stateOf({ workflow }: { workflow: { staticData: object } }): string {
	return JSON.stringify(
		Object.values(workflow.staticData).map(({ checkpoint }) => checkpoint ?? null),
	).replace('[null]', '[]');
}

test('the trigger ends with items or a clear message, and keeps its state when it throws', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(randomAnswer, { minLength: 1, maxLength: 3 }), async (answers) => {
			const parameters = { event: 'callEnded', options: { startFrom: 1 } };
			const trigger = await createPollContext({ credential: { ...DEMO_CREDENTIAL, baseUrl }, parameters });
			for (const random of answers) {
				answer = random;
				requests = 0;
				const before = stateOf(trigger);
				try {
					await trigger.poll();
				} catch (error) {
					expectClear(error as Error);
					expect(stateOf(trigger)).toBe(before);
				}
				expect(requests).toBeLessThan(MOST_REQUESTS);
			}
		}),
		{ numRuns: RUNS },
	);
});

test('the push trigger handles whatever is pushed and answered, and outputs nothing that did not come from the API', async () => {
	const push = fc.oneof(
		fc.array(record, { maxLength: 5 }).map((list) => JSON.stringify(list)),
		record.map((one) => JSON.stringify(one)),
		fc.array(record, { maxLength: 5 }).map((array) => JSON.stringify({ array })),
		fc.json(),
		fc.string(),
	);
	let triggers = 0;
	await fc.assert(
		fc.asyncProperty(push, randomAnswer, async (pushed, random) => {
			answer = random;
			const nodeId = `fuzz-${++triggers}`;
			const trigger = await createPushTrigger({
				credential: { ...DEMO_CREDENTIAL, baseUrl },
				parameters: { event: 'callEnded' },
				nodeId,
			});
			jest.spyOn(trigger.logger, 'warn').mockImplementation(() => {});
			try {
				const { httpStatus, items } = await trigger.push(pushed);
				expect([200, 400]).toContain(httpStatus);
				for (const { json } of items) expect(String(random.body)).toContain(String(json.voiceId));
			} catch (error) {
				expectClear(error as Error);
			}
		}),
		{ numRuns: RUNS },
	);
});
