import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { SIMPLIFIED_FIELDS } from '../../nodes/Itniotech/records/output/fields';
import { listDataset, seededDataset, type Dataset, type WireRecord } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import type { Fault, Simulator } from '../simulator/simulator';
import { call, OPEN, usePolling, type Trigger } from './support/polling';
import { runs } from '../support/runs';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS } from '../support/times';

describe('the polling trigger in n8n’s engine', () => {
	const service = usePolling();
	const { clock, create, edited, itemsAfter, idsAfter, stateOf, logged } = service;
	let simulator: Simulator;

	beforeEach(() => {
		simulator = service.simulator;
	});

	describe('the first activation', () => {
		it('starts from now: calls that ended earlier are never output', async () => {
			simulator.dataset.add(
				call('long ago', -30 * MINUTE_MS),
				call('just ended', -11_000),
				call('without time of end', -5_000, { hangupTime: undefined }),
				call('ending now', -10_000),
				call('ongoing', -5 * MINUTE_MS, { hangupTime: wireTime(NOW_MS + 30_000) }),
			);
			const trigger = await create();
			expect(await idsAfter(trigger, 0)).toEqual(['ongoing', 'ending now']);
			simulator.dataset.add(call('new', 20_000));
			expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['new']);
			expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
		});

		it('starts as many hours back as "Start From" says, on the first activation only', async () => {
			simulator.dataset.add(
				call('before', -3 * HOUR_MS - 11_000),
				call('after', -3 * HOUR_MS - 10_000),
				call('late', -MINUTE_MS),
			);
			const trigger = await create({ options: { startFrom: 3 } });
			expect(await idsAfter(trigger, 0)).toEqual(['after', 'late']);
			expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
		});

		it('can start as many hours back as the service may hold', async () => {
			// On this day two months are as short as they can be.
			clock.ms = Date.parse('2027-04-01T12:00:00.900+08:00');
			const trigger = await create({ options: { startFrom: 59 * 24 } });
			await expect(trigger.poll()).resolves.toBeNull();
		});
	});

	it.each<[string, string[]]>([
		['callFailed', ['busy', 'pressed, failed']],
		['callAnswered', ['answered', 'old code', 'pressed']],
		['callEnded', ['busy', 'answered', 'old code', 'pressed', 'pressed, failed']],
		['keyPressed', ['pressed', 'pressed, failed']],
	])('event %s outputs its calls, oldest first', async (event, expected) => {
		const trigger = await create({ event });
		simulator.behaviour.listsOngoingCalls = true;
		await trigger.poll();
		simulator.dataset.add(
			call('pressed', 4000, { terminationCode: '200', feedbackValue: '7' }),
			call('answered', 2000, { terminationCode: '200', feedbackValue: '' }),
			call('busy', 1000),
			call('old code', 3000, { terminationCode: '0' }),
			call('pressed, failed', 5000, { feedbackValue: '0' }),
			call('ongoing', 6000, OPEN),
		);
		expect(await idsAfter(trigger, MINUTE_MS)).toEqual(expected);
		expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
	});

	it.each([
		['callFailed', 'text', ['busy']],
		['callAnswered', 'number', ['answered']],
		['callEnded', 'text', ['busy', 'answered', 'voicemail', 'refused voicemail']],
		['callEnded', 'number', ['busy', 'answered', 'voicemail', 'refused voicemail']],
	] as const)('event %s knows voicemail from the call status, as %s', async (event, as, expected) => {
		simulator.behaviour.newestFields = as;
		const trigger = await create({ event });
		await trigger.poll();
		simulator.dataset.add(
			call('busy', 1000),
			call('answered', 2000, { terminationCode: '200', callDuration: 60 }),
			call('voicemail', 3000, { terminationCode: '200', callStatus: 40 }),
			call('refused voicemail', 4000, { callStatus: 40 }),
		);
		expect(await idsAfter(trigger, MINUTE_MS)).toEqual(expected);
	});

	it('outputs the calls that match all filters', async () => {
		const trigger = await create({ filters: { area: 'kanda', terminationCode: '404, 486' } });
		await trigger.poll();
		simulator.dataset.add(
			call('both', 1000),
			call('other code', 2000, { terminationCode: '503' }),
			call('other area', 3000, { code: 'México(Telcel)' }),
		);
		expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['both']);
	});

	it('simplifies to the usual fields, or outputs the raw record', async () => {
		const [simple, raw] = [await create({}), await create({ simplify: false })];
		await simple.poll();
		await raw.poll();
		simulator.dataset.add(call('one', 1000));
		const [[first], [second]] = [await itemsAfter(simple, MINUTE_MS), await itemsAfter(raw, 0)].map(
			(items) => items!,
		);
		expect(Object.keys(first)).toEqual(SIMPLIFIED_FIELDS);
		expect(first).toMatchObject({
			voiceId: 'one',
			outcome: 'failed',
			area: 'Afghanistan(Kandahar)',
			cost: 0,
		});
		expect(second).toMatchObject({ ...call('one', 1000), answerTime: null });
	});

	describe('a call that ends late', () => {
		it('is output after the look-back, up to seven days later', async () => {
			simulator.behaviour.listsOngoingCalls = true;
			const trigger = await create({ options: { lookback: 1 } });
			await trigger.poll();
			simulator.dataset.add(call('1', 1000, OPEN), call('2', 2000, OPEN));
			expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
			expect(await idsAfter(trigger, DAY_MS)).toBeNull();
			simulator.dataset.add(call('1', 1000, { hangupTime: wireTime(NOW_MS + DAY_MS) }));
			expect(await idsAfter(trigger, 5 * DAY_MS)).toEqual(['1']);
			expect(await idsAfter(trigger, 2 * DAY_MS)).toBeNull();
			simulator.dataset.add(call('2', 2000));
			expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
			expect(stateOf(trigger)).toMatchObject({
				'node:ITNIO TECH Trigger': { checkpoint: { openCalls: '' } },
			});
		});
	});

	it.each<[string, Partial<WireRecord>]>([
		['in the year 9999', { callTime: '9999-12-31T23:59:59+08:00' }],
		['in the year 1970', { callTime: '1970-01-01T08:00:00+08:00' }],
		['as text of another kind', { callTime: 'none' }],
	])('continues when a call has a time %s', async (_, changes) => {
		simulator.behaviour.listsOngoingCalls = true;
		const trigger = await create({ options: { lookback: 5 } });
		await trigger.poll();
		// The list of the simulator goes by the time of submission.
		const dataset = (...records: WireRecord[]) =>
			listDataset(records.map((record) => ({ ...record, ...changes })));
		simulator.dataset = dataset(call('1', 1000), call('2', 2000, OPEN));
		expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['1']);
		expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
		expect(await idsAfter(trigger, HOUR_MS)).toBeNull();
		simulator.dataset = dataset(call('1', 1000), call('2', 2000));
		expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['2']);
		expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
	});

	describe('the digest', () => {
		const parameters = { output: 'digest' };

		it('is one item per poll, with a text for a chat message', async () => {
			const trigger = await create(parameters);
			await trigger.poll();
			simulator.dataset.add(
				call('1', 1000),
				call('2', 2000, { code: 'México(Telcel)' }),
				call('3', 3000, { terminationCode: '404', terminationReason: 'Not Found' }),
				call('4', 4000, { terminationCode: '200' }),
			);
			const [digest, ...others] = (await itemsAfter(trigger, MINUTE_MS))!;
			expect(others).toEqual([]);
			expect(digest).toMatchObject({
				from: '2026-11-20T16:00:00+08:00',
				to: '2026-11-20T16:01:00+08:00',
				calls: 4,
				failures: 3,
				failureRate: 0.75,
				matches: 3,
				failuresByReason: '486 Busy Here: 2, 404 Not Found: 1',
				failuresByArea: 'Afghanistan(Kandahar): 2, México(Telcel): 1',
				details: {
					failuresByReason: [
						{ terminationCode: '486', terminationReason: 'Busy Here', calls: 2 },
						{ terminationCode: '404', terminationReason: 'Not Found', calls: 1 },
					],
					failuresByArea: [
						{ area: 'Afghanistan(Kandahar)', calls: 2 },
						{ area: 'México(Telcel)', calls: 1 },
					],
					samples: [{ voiceId: '1' }, { voiceId: '2' }, { voiceId: '3' }],
				},
			});
			expect(digest.text).toBe(
				'3 of 4 calls failed (75.0%), 2026-11-20 16:00 to 16:01 (Asia/Singapore)\n' +
					'Reasons: 486 Busy Here: 2, 404 Not Found: 1\n' +
					'Areas: Afghanistan(Kandahar): 2, México(Telcel): 1\n' +
					`Latest numbers: ${[...new Set(['3', '2', '1'].map((voiceId) => call(voiceId, 0).callee))].join(', ')}`,
			);
		});

		it('begins with the poll that finds a call with the event', async () => {
			const trigger = await create({ ...parameters, minimumFailures: 2 });
			await trigger.poll();
			const answered = (id: string, atMs: number) => call(id, atMs, { terminationCode: '200' });
			simulator.dataset.add(answered('before', 1000));
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
			simulator.dataset.add(call('1', MINUTE_MS + 1000), answered('2', MINUTE_MS + 2000));
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
			simulator.dataset.add(answered('3', 2 * MINUTE_MS + 1000));
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
			simulator.dataset.add(call('4', 3 * MINUTE_MS + 1000));
			expect(await itemsAfter(trigger, MINUTE_MS)).toMatchObject([
				{ from: '2026-11-20T16:01:00+08:00', to: '2026-11-20T16:04:00+08:00', calls: 4, failures: 2 },
			]);
		});

		it.each([
			['callAnswered', 'Answered: 2. Latest numbers: 15550102, 15550101'],
			['callEnded', 'Ended: 3. Latest numbers: 15550102, 15550101, 15550100'],
			['keyPressed', 'With a key pressed: 1. Latest numbers: 15550102'],
		])('of %s does not pass its numbers off as those of failed calls', async (event, line) => {
			const trigger = await create({ ...parameters, event });
			await trigger.poll();
			simulator.dataset.add(
				call('1', 1000, { callee: '15550100' }),
				call('2', 2000, { callee: '15550101', terminationCode: '200' }),
				call('3', 3000, { callee: '15550102', terminationCode: '200', feedbackValue: '1' }),
			);
			const [{ text }] = (await itemsAfter(trigger, MINUTE_MS))!;
			expect(String(text).split('\n')).toEqual([
				'1 of 3 calls failed (33.3%), 2026-11-20 16:00 to 16:01 (Asia/Singapore)',
				'Reasons: 486 Busy Here: 1',
				'Areas: Afghanistan(Kandahar): 1',
				line,
			]);
		});

		it('collects failures until there are enough, loses none, and looks up the earlier ones by their ID', async () => {
			const trigger = await create({ ...parameters, minimumFailures: 3 });
			await trigger.poll();
			simulator.dataset.add(call('1', 1000), call('11', 2000, { terminationCode: '200' }));
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
			simulator.dataset.add(call('2', MINUTE_MS + 1000));
			expect(await itemsAfter(trigger, 2 * HOUR_MS)).toBeNull();
			simulator.dataset.add(call('3', 2 * HOUR_MS), call('4', 2 * HOUR_MS + 1000));
			simulator.resetStats();
			const digests = await itemsAfter(trigger, 2 * MINUTE_MS);
			expect(digests).toMatchObject([
				{ calls: 5, failures: 4, matches: 4, from: '2026-11-20T16:00:00+08:00' },
			]);
			expect(samplesOf(digests![0])).toMatchObject(['1', '2', '3', '4'].map((voiceId) => ({ voiceId })));
			expect(simulator.requests.filter(({ method }) => method === 'GET').map(({ path }) => path)).toEqual(
				['1', '2'].map((voiceId) => `/voice/recordGroup/${voiceId}`),
			);
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
		});

		it.each<[string, Fault]>([
			['-2', { kind: 'status', status: '-2' }],
			['-25', { kind: 'status', status: '-25' }],
			['-32', { kind: 'status', status: '-32' }],
			['404', { kind: 'http', httpStatus: 404 }],
			['a web page', { kind: 'html' }],
			['429', { kind: 'http', httpStatus: 429, headers: { 'Retry-After': '3600' } }],
			['no record', { kind: 'body', body: JSON.stringify({ status: '0', data: null }) }],
		])('leaves out a sample for which the service answers %s', async (_, fault) => {
			const trigger = await create({ ...parameters, minimumFailures: 2 });
			await trigger.poll();
			simulator.dataset.add(call('1', 1000));
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
			simulator.dataset.add(call('2', MINUTE_MS + 1000));
			const list = { kind: 'body', body: JSON.stringify({ status: '0', data: { total: 1, records: [call('2', MINUTE_MS)] } }) } as const; // prettier-ignore
			simulator.failNext(list, fault);
			expect(await itemsAfter(trigger, MINUTE_MS)).toMatchObject([
				{ failures: 2, matches: 2, details: { samples: [{ voiceId: '2' }] } },
			]);
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
		});
	});

	describe('a test in the editor', () => {
		const test = async (parameters: INodeParameters) => {
			const trigger = await create(parameters, { mode: 'manual' });
			const result = await trigger.poll();
			expect(stateOf(trigger)).toEqual({});
			expect(Object.keys(trigger.workflow.staticData)).toEqual([]);
			expect(trigger.workflow.staticData.__dataChanged).toBe(false);
			return result![0].map(({ json }) => json);
		};

		it('shows the newest call with the event', async () => {
			simulator.dataset.add(call('older', -50 * MINUTE_MS), call('newest', -40 * MINUTE_MS));
			simulator.dataset.add(call('answered', -MINUTE_MS, { terminationCode: '200' }));
			expect(await test({})).toMatchObject([{ voiceId: 'newest', outcome: 'failed' }]);
		});

		it.each([-20 * HOUR_MS, -30 * DAY_MS])('looks back further when there is none, %d ms', async (atMs) => {
			simulator.dataset.add(call('old', atMs), call('answered', -MINUTE_MS, { terminationCode: '200' }));
			expect(await test({})).toMatchObject([{ voiceId: 'old' }]);
		});

		it('shows any recent call when none has the event', async () => {
			simulator.dataset.add(call('answered', -3 * DAY_MS, { terminationCode: '200' }));
			expect(await test({})).toMatchObject([{ voiceId: 'answered' }]);
		});

		it('says so when there is no call at all', async () => {
			await expect(test({})).rejects.toMatchObject({
				name: 'NodeOperationError',
				message: 'There are no calls from the last 31 days to show',
			});
		});

		it('shows a digest', async () => {
			simulator.dataset.add(call('1', -MINUTE_MS), call('2', -MINUTE_MS, { terminationCode: '200' }));
			expect(await test({ output: 'digest', minimumFailures: 50 })).toMatchObject([
				{ calls: 2, failures: 1, matches: 1, details: { samples: [{ voiceId: '1' }] } },
			]);
		});

		it('shows a digest of no more than was read, the latest numbers first', async () => {
			const minutes = [50, 40, 30, 20];
			simulator.dataset.add(...minutes.map((ago, index) => call(`${index}`, -ago * MINUTE_MS, { callee: `1555010${index}` }))); // prettier-ignore
			const [whole] = await test({ output: 'digest' });
			expect(whole).toMatchObject({ calls: 4, matches: 4, from: '2026-11-20T15:00:01+08:00' });
			expect(whole.text).toContain('\nLatest numbers: 15550103, 15550102, 15550101, 15550100');
			simulator.dataset.add(...Array.from({ length: 1200 }, (_, index) => call(`more ${index}`, -30 * MINUTE_MS + index * 1000, { terminationCode: '200' }))); // prettier-ignore
			const [part] = await test({ output: 'digest' });
			const [calls, from] = [Number(part.calls), Date.parse(String(part.from))];
			expect(calls).toBe(1000);
			const since = simulator.dataset.slice({ fromMs: from, toMs: NOW_MS, order: 'newestFirst' }, 0, 2000);
			expect(since.length).toBe(calls);
		});

		it('shows a digest without matches where no call has the event', async () => {
			simulator.dataset.add(call('answered', -MINUTE_MS, { terminationCode: '200' }));
			const [digest] = await test({ output: 'digest' });
			expect(digest).toMatchObject({ calls: 1, failures: 0, matches: 0, details: { samples: [] } });
			expect(digest.text).toMatch(/^0 of 1 call failed \(0%\), [^\n]*$/);
		});

		it('does not change the state of the active workflow', async () => {
			const active = await create();
			await active.poll();
			const before = stateOf(active);
			simulator.dataset.add(call('1', 1000));
			clock.ms += MINUTE_MS;
			const manual = await edited(active, {}, { mode: 'manual' });
			expect((await manual.poll())?.[0]).toHaveLength(1);
			expect(stateOf(manual)).toEqual(before);
			expect(await idsAfter(active, 0)).toEqual(['1']);
		});
	});

	describe('the state', () => {
		const key = 'node:ITNIO TECH Trigger';
		const running = async (parameters: INodeParameters = {}) => {
			const trigger = await create(parameters);
			await trigger.poll();
			simulator.dataset.add(call('1', 1000));
			expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['1']);
			return trigger;
		};

		it('survives a restart of n8n', async () => {
			const trigger = await edited(await running(), {});
			const warn = logged(trigger, 'warn');
			simulator.dataset.add(call('2', MINUTE_MS + 1000));
			expect(await idsAfter(trigger, 3 * DAY_MS)).toEqual(['2']);
			expect(warn).not.toHaveBeenCalled();
		});

		it('starts over from the look-back and warns, after a poll while the clock was ahead', async () => {
			const trigger = await running();
			await idsAfter(trigger, 8 * 60 * MINUTE_MS);
			simulator.dataset.add(call('before', 2 * MINUTE_MS));
			const warn = logged(trigger, 'warn');
			expect(await idsAfter(trigger, -8 * 60 * MINUTE_MS + 3 * MINUTE_MS)).toContain('before');
			expect(warn.mock.calls.map(([text]) => text)).toEqual([
				expect.stringContaining("went by a time ahead of ITNIO TECH's"),
			]);
			simulator.dataset.add(call('after', 5 * MINUTE_MS));
			expect(await idsAfter(trigger, 3 * MINUTE_MS)).toEqual(['after']);
			expect(warn).toHaveBeenCalledTimes(1);
		});

		it.each<[string, unknown]>([
			['of another version', { version: 2 }],
			['nothing', null],
		])('starts over from now and warns when it is %s', async (_, checkpoint) => {
			const trigger = await create(
				{ options: { startFrom: 24 } },
				{ staticData: { [key]: { checkpoint } } as IDataObject },
			);
			const warn = logged(trigger, 'warn');
			simulator.dataset.add(call('before', -MINUTE_MS));
			expect(await idsAfter(trigger, 0)).toBeNull();
			expect(warn).toHaveBeenCalledTimes(1);
			expect(warn.mock.calls[0][0]).toContain('the state of the last poll cannot be read');
			simulator.dataset.add(call('after', 1000));
			expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['after']);
			expect(warn).toHaveBeenCalledTimes(1);
		});

		it.each(['eachRecord', 'digest'])('holds no key, no secret and no phone number (%s)', async (output) => {
			simulator.behaviour.listsOngoingCalls = true;
			simulator.dataset = seededDataset({ count: 500, from: NOW_MS - HOUR_MS, to: NOW_MS, ongoing: 20 });
			const trigger = await create({ output, minimumFailures: 200, options: { startFrom: 1 } });
			await trigger.poll();
			clock.ms += 2 * HOUR_MS;
			await trigger.poll();
			const text = JSON.stringify(stateOf(trigger));
			expect(text).toMatch(/"openCalls":"\w/);
			expect(text).not.toMatch(/demo-key|demo-secret/);
			const rows = simulator.dataset.slice({ fromMs: 0, toMs: clock.ms, ongoing: true }, 0, 1000);
			const numbers = rows.flatMap(({ callee, displayNum }) => [callee!, displayNum!]);
			expect(numbers.filter((number) => text.includes(number))).toEqual([]);
		});
	});

	describe('a poll that fails', () => {
		it.each<[string, Fault, string, object]>([
			['-1', { kind: 'status', status: '-1' }, 'did not accept the API key', { cause: 'credential-invalid' }],
			['-2', { kind: 'status', status: '-2' }, 'IP address', { cause: 'configuration-invalid' }],
			[
				'429',
				{ kind: 'http', httpStatus: 429, headers: { 'Retry-After': '3600' } },
				'too many requests',
				{ cause: 'rate-limited', retryAfterMs: 3_600_000 },
			],
			[
				'a web page',
				{ kind: 'html' },
				'The server at this address is not the ITNIO TECH API',
				{ cause: expect.any(String) as string },
			],
		])(
			'after %s throws what the query throws, with its cause, and moves no state',
			async (_, fault, message, failure) => {
				const trigger = await create();
				await trigger.poll();
				const before = stateOf(trigger);
				simulator.dataset.add(call('1', 1000));
				simulator.failNext(fault);
				await expect(idsAfter(trigger, MINUTE_MS)).rejects.toMatchObject({
					name: 'NodeApiError',
					message: expect.stringContaining(message) as string,
					failure,
				});
				expect(stateOf(trigger)).toEqual(before);
				expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['1']);
			},
		);

		it('leaves no state when it is the first one', async () => {
			const trigger = await create();
			simulator.failNext({ kind: 'status', status: '-1' });
			await expect(trigger.poll()).rejects.toMatchObject({ name: 'NodeApiError' });
			expect(stateOf(trigger)).toEqual({ 'node:ITNIO TECH Trigger': {} });
		});

		it.each<[string, INodeParameters]>([
			['"Look-Back (Minutes)"', { options: { lookback: 0 } }],
			['"Look-Back (Minutes)"', { options: { lookback: 7 * 24 * 60 + 1 } }],
			['"Start From (Hours Back)"', { options: { startFrom: -1 } }],
			['"Start From (Hours Back)"', { options: { startFrom: 59 * 24 + 1 } }],
			['"Minimum Failures"', { output: 'digest', minimumFailures: 0 }],
			['"Event"', { event: 'callLost' }],
			['"Output"', { output: 'everything' }],
			['"Called Number" has no value', { filters: { calledNumber: '={{ [undefined] }}' } }],
			['"Area" has no value', { filters: { area: '={{ undefined }}' } }],
			['"Page Size"', { options: { pageSize: 101 } }],
			['"Max Concurrent Requests"', { options: { maxConcurrentRequests: 0 } }],
		])('names %s if its value is not valid, and sends nothing: %j', async (field, parameters) => {
			const trigger = await create(parameters);
			await expect(trigger.poll()).rejects.toMatchObject({
				name: 'NodeOperationError',
				message: expect.stringContaining(field) as string,
			});
			expect(simulator.requests).toEqual([]);
		});
	});

	describe('many calls', () => {
		/** Each request takes the service some time. */
		const slow = (dataset: Dataset, ms: number): Dataset => ({
			...dataset,
			count: (query) => {
				clock.ms += ms;
				return dataset.count(query);
			},
		});
		/** Polls once a minute; each one is to get on, within its budget and with a small state. */
		const pollUntil = async (
			trigger: Trigger,
			budgetMs: number,
			isDone: (reached: { reachedMs: number }) => boolean,
		) => {
			const given: unknown[] = [];
			for (let pollsMade = 1, reachedMs = 0; ; pollsMade++) {
				const startedAt = clock.ms;
				for (const voiceId of (await idsAfter(trigger, 0)) ?? []) given.push(voiceId);
				expect(clock.ms - startedAt).toBeLessThanOrEqual(budgetMs);
				const state = JSON.stringify(stateOf(trigger));
				expect(state.length).toBeLessThan(256 * 1024);
				const readToS = Number(/"readToS":(\d+)/.exec(state)?.[1]);
				expect(readToS * 1000).toBeGreaterThan(reachedMs);
				reachedMs = readToS * 1000;
				if (isDone({ reachedMs })) return { given, pollsMade };
				clock.ms = Math.max(clock.ms, startedAt + MINUTE_MS);
			}
		};

		it('are caught up with after three days off line', async () => {
			const budgetMs = 45_000;
			const count = runs(50_000, 5000);
			const trigger = await create({ event: 'callEnded' }, { budgetMs });
			await trigger.poll();
			const dataset = seededDataset({ count, from: NOW_MS + 20_000, to: NOW_MS + 3 * DAY_MS, ongoing: 0 });
			simulator.behaviour.log = false;
			simulator.dataset = slow(dataset, 20_000_000 / count);
			clock.ms += 3 * DAY_MS + HOUR_MS;
			const isDone = ({ reachedMs }: { reachedMs: number }) => reachedMs >= NOW_MS + 3 * DAY_MS;
			const { given, pollsMade } = await pollUntil(trigger, budgetMs, isDone);
			expect(given.length).toBe(count);
			expect(new Set(given).size).toBe(count);
			expect(pollsMade).toBeGreaterThan(3);
			expect(pollsMade).toBeLessThan(25);
		});

		it.each(['eachRecord', 'digest'])('leave a state below 256 KB at 10,000 an hour (%s)', async (output) => {
			// Fewer calls in a quick run, and as much less to store.
			const share = Math.min(1, runs(100) / 100);
			const trigger = await create({ event: 'callEnded', output });
			await trigger.poll();
			simulator.behaviour.log = false;
			const count = 20_000 * share;
			simulator.dataset = seededDataset({
				count,
				from: NOW_MS + 20_000,
				to: NOW_MS + 2 * HOUR_MS,
				ongoing: 0,
			});
			let found = 0;
			for (const minutes of [65, 50, 10]) {
				const items = (await itemsAfter(trigger, minutes * MINUTE_MS)) ?? [];
				found += output === 'digest' ? Number(items[0]?.matches) : items.length;
				expect(JSON.stringify(stateOf(trigger)).length).toBeLessThan(256 * 1024 * share);
			}
			expect(found).toBe(count);
		});
	});
});

function samplesOf({ details }: IDataObject): IDataObject[] {
	return (details as IDataObject).samples as IDataObject[];
}
