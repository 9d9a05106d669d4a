import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { listDataset, seededDataset, type Dataset } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { DEMO_CREDENTIAL, startSimulator } from '../simulator/simulator';
import { call, OPEN, usePolling, type Trigger } from './support/polling';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS } from '../support/times';

describe('the polling trigger in n8n’s engine', () => {
	const service = usePolling();
	const { clock, create, edited, idsAfter, itemsAfter, stateOf, logged } = service;
	const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));
	const failEachMinute = (count: number, fromMs: number) =>
		service.simulator.dataset.add(
			...numbers(count).map((id) => call(id, fromMs + Number(id) * MINUTE_MS, { calledInfo: `no ${id}` })),
		);
	const texts = (spy: jest.SpyInstance) => spy.mock.calls.map(([text]) => String(text));
	/** From and to of each list request, in milliseconds from NOW_MS. */
	const ranges = () =>
		service.simulator.requests
			.filter(({ method }) => method === 'POST')
			.map(({ body }) => (body as { params: { strTime: string; endTime: string } }).params)
			.map(({ strTime, endTime }) => [Date.parse(strTime) - NOW_MS, Date.parse(endTime) - NOW_MS]);

	describe('a clock that is off', () => {
		it.each([2 * HOUR_MS, -2 * HOUR_MS, 90_000, -90_000, 50_000, -50_000])(
			'loses and repeats nothing, the service being %d ms ahead',
			async (skewMs) => {
				service.simulator.behaviour.clockSkewMs = skewMs;
				clock.ms = NOW_MS - skewMs;
				const trigger = await create({ options: { lookback: 1 } });
				const warn = logged(trigger, 'warn');
				service.simulator.dataset.add(call('before', -10 * MINUTE_MS));
				expect(await idsAfter(trigger, 0)).toBeNull();
				const ids: unknown[] = [];
				for (let polls = 0; polls < 15; polls++) {
					service.simulator.dataset.add(call(`${polls}`, (polls + 1) * MINUTE_MS - 2_000));
					ids.push(...((await idsAfter(trigger, MINUTE_MS)) ?? []));
				}
				ids.push(...((await idsAfter(trigger, MINUTE_MS)) ?? []));
				expect(ids).toEqual(numbers(15));
				const isOff = Math.abs(skewMs) >= MINUTE_MS;
				expect(warn).toHaveBeenCalledTimes(isOff ? 17 : 0);
				if (isOff) {
					const [hours, direction] = [skewMs / HOUR_MS, skewMs < 0 ? 'ahead of' : 'behind'];
					if (Number.isInteger(hours)) expect(texts(warn)[0]).toContain(`2 h 0 min 0 s ${direction}`);
					expect(texts(warn)[0]).toContain(direction);
				}
			},
		);

		it('costs one more request in the first poll, and none when it is right', async () => {
			const right = await create();
			await right.poll();
			expect(service.simulator.requests).toHaveLength(1);
			Object.assign(service.simulator.behaviour, { clockSkewMs: HOUR_MS, timestampWindowMs: DAY_MS });
			clock.ms += 11 * MINUTE_MS;
			service.simulator.resetStats();
			const trigger = await create();
			logged(trigger, 'warn');
			await trigger.poll();
			await idsAfter(trigger, MINUTE_MS);
			expect(service.simulator.requests).toHaveLength(3);
			expect(ranges().at(-1)?.[1]).toBe(HOUR_MS + 12 * MINUTE_MS);
		});

		it('may be set while the trigger is off', async () => {
			const trigger = await create();
			await trigger.poll();
			failEachMinute(180, MINUTE_MS);
			clock.ms += 3 * HOUR_MS + 2 * MINUTE_MS;
			for (const skewMs of [8 * HOUR_MS, -8 * HOUR_MS]) {
				service.simulator.behaviour.clockSkewMs = skewMs;
				const next = await edited(trigger, {});
				const warn = logged(next, 'warn');
				expect(await idsAfter(next, -skewMs)).toEqual(numbers(180));
				expect(await idsAfter(next, 0)).toBeNull();
				for (const text of texts(warn)) expect(text).toContain('8 h 0 min 0 s');
				clock.ms += skewMs;
			}
		});

		it('is noticed when, by the server, there is nothing to read yet', async () => {
			const trigger = await create({ options: { lookback: 1 } });
			await trigger.poll();
			service.simulator.dataset.add(call('1', 1000));
			const next = await edited(trigger, { options: { lookback: 60 } });
			const warn = logged(next, 'warn');
			service.simulator.behaviour.clockSkewMs = HOUR_MS;
			expect(await idsAfter(next, 11 * MINUTE_MS - HOUR_MS)).toEqual(['1']);
			expect(texts(warn)).toEqual([expect.stringContaining('1 h 0 min 0 s behind')]);
		});

		it('shows the newest call in the editor all the same', async () => {
			Object.assign(service.simulator.behaviour, { clockSkewMs: -3 * HOUR_MS });
			clock.ms += 3 * HOUR_MS;
			service.simulator.dataset.add(call('newest', -MINUTE_MS), call('older', -2 * MINUTE_MS));
			const trigger = await create({}, { mode: 'manual' });
			logged(trigger, 'warn');
			expect(await idsAfter(trigger, 0)).toEqual(['newest']);
			expect(ranges().at(-1)).toEqual([-HOUR_MS, 0]);
		});
	});

	describe('an edit', () => {
		const sameMeaning: Array<[string, INodeParameters]> = [
			['codes without a blank', { filters: { terminationCode: '486,404' } }],
			['another output', { filters: { terminationCode: '486, 404' }, simplify: false }],
			['another look-back', { filters: { terminationCode: '486, 404' }, options: { lookback: 10 } }],
		];

		it.each(sameMeaning)('that means the same loses and repeats nothing: %s', async (_, parameters) => {
			const trigger = await create({ filters: { terminationCode: '486, 404' } });
			await trigger.poll();
			failEachMinute(180, MINUTE_MS);
			expect(await idsAfter(trigger, 31 * MINUTE_MS)).toEqual(numbers(31));
			const next = await edited(trigger, parameters);
			expect(await idsAfter(next, 2.5 * HOUR_MS)).toEqual(numbers(180).slice(31));
			expect(await idsAfter(next, MINUTE_MS)).toBeNull();
		});

		it.each<[string, { apiKey?: string; path?: string }]>([
			['a blank behind the key', { apiKey: `${DEMO_CREDENTIAL.apiKey} ` }],
			['another key', { apiKey: 'other-key' }],
			['a slash behind the base URL', { path: '/' }],
			['another base URL', { path: '/v3' }],
		])('of the credential loses and repeats nothing: %s', async (_, { apiKey, path = '' }) => {
			const trigger = await create();
			await trigger.poll();
			failEachMinute(180, MINUTE_MS);
			expect(await idsAfter(trigger, 31 * MINUTE_MS)).toEqual(numbers(31));
			const { dataset } = service.simulator;
			if (apiKey?.trim() === 'other-key') {
				await service.simulator.stop();
				service.simulator = await startSimulator({ apiKey, dataset });
			}
			const credential = {
				...DEMO_CREDENTIAL,
				...(apiKey && { apiKey }),
				baseUrl: service.simulator.url + path,
			};
			const next = await edited(trigger, {}, { credential });
			expect(await idsAfter(next, 2.5 * HOUR_MS)).toEqual(numbers(180).slice(31));
			expect(await idsAfter(next, MINUTE_MS)).toBeNull();
		});

		it('of the account takes what the other one has within the look-back for calls that are listed late', async () => {
			const trigger = await create();
			await trigger.poll();
			expect(await idsAfter(trigger, 5 * HOUR_MS)).toBeNull();
			await service.simulator.stop();
			const calls = [call('of 30 minutes ago', 4.5 * HOUR_MS), call('of 90 minutes ago', 3.5 * HOUR_MS)];
			service.simulator = await startSimulator({ apiKey: 'other-key', dataset: listDataset(calls) });
			const { url: baseUrl } = service.simulator;
			const credential = { ...DEMO_CREDENTIAL, apiKey: 'other-key', baseUrl };
			const next = await edited(trigger, {}, { credential });
			expect(await idsAfter(next, MINUTE_MS)).toEqual(['of 30 minutes ago']);
			expect(await idsAfter(next, MINUTE_MS)).toBeNull();
		});

		it.each<INodeParameters>([{ event: 'balanceLow', threshold: 1 }, { event: 'campaignFinished' }])(
			'to an event of calls from %j starts over',
			async (parameters) => {
				const trigger = await create(parameters);
				await trigger.poll();
				service.simulator.dataset.add(call('before', HOUR_MS), call('after', 3 * HOUR_MS + 1000));
				const next = await edited(trigger, { event: 'callFailed' });
				expect(await idsAfter(next, 3 * HOUR_MS)).toBeNull();
				expect(await idsAfter(next, MINUTE_MS)).toEqual(['after']);
			},
		);

		it.each<[string, INodeParameters, string[]]>([
			['the event', { event: 'callEnded' }, ['new', 'late', 'open', 'answered later']],
			['a filter', { filters: { area: 'Kandahar' } }, ['new', 'late', 'open']],
		])(
			'of %s applies to what was not seen as ended before it, and to nothing else',
			async (_, parameters, expected) => {
				service.simulator.behaviour.listsOngoingCalls = true;
				const trigger = await create({ event: 'callFailed', filters: {} });
				await trigger.poll();
				const { dataset } = service.simulator;
				dataset.add(
					call('output', 1000),
					call('answered', 2000, { terminationCode: '200' }),
					call('open', 3000, OPEN),
				);
				expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['output']);
				const next = await edited(trigger, parameters);
				dataset.add(
					call('late', 4000),
					call('open', 3000),
					call('new', 70_000),
					call('answered later', 80_000, { terminationCode: '200' }),
				);
				expect(((await idsAfter(next, MINUTE_MS)) ?? []).sort()).toEqual([...expected].sort());
				expect(await idsAfter(next, MINUTE_MS)).toBeNull();
			},
		);

		it('applies to calls of the time when the trigger was off', async () => {
			const trigger = await create();
			await trigger.poll();
			service.simulator.dataset.add(call('off', HOUR_MS, { terminationCode: '200' }));
			const next = await edited(trigger, { event: 'callAnswered' });
			expect(await idsAfter(next, 3 * HOUR_MS)).toEqual(['off']);
		});

		it.each<[string, INodeParameters]>([
			['every outcome', { filters: { outcome: 'all' } }],
			['failed calls', { filters: { outcome: 'failed' } }],
		])('lets a digest continue with what it had saved up: %s', async (_, parameters) => {
			const digest = { output: 'digest', minimumFailures: 5 };
			const trigger = await create(digest);
			await trigger.poll();
			failEachMinute(4, 0);
			expect(await itemsAfter(trigger, 4.5 * MINUTE_MS)).toBeNull();
			const next = await edited(trigger, { ...digest, ...parameters });
			service.simulator.dataset.add(...numbers(6).map((id) => call(`1${id}`, (5 + Number(id)) * MINUTE_MS)));
			const digests: IDataObject[] = [];
			for (let polls = 0; polls < 8; polls++) digests.push(...((await itemsAfter(next, MINUTE_MS)) ?? []));
			expect(digests.map(({ failures }) => failures)).toEqual([5, 5]);
		});

		it('from a digest to each record outputs what was saved up', async () => {
			const trigger = await create({ output: 'digest', minimumFailures: 10 });
			await trigger.poll();
			failEachMinute(4, 0);
			expect(await itemsAfter(trigger, 5 * MINUTE_MS)).toBeNull();
			const next = await edited(trigger, { output: 'eachRecord' });
			service.simulator.dataset.add(call('4', 5 * MINUTE_MS));
			expect(await idsAfter(next, 2 * MINUTE_MS)).toEqual(numbers(5));
			expect(await idsAfter(next, MINUTE_MS)).toBeNull();
			const back = await edited(next, { output: 'digest' });
			service.simulator.dataset.add(call('5', 9 * MINUTE_MS));
			expect(await itemsAfter(back, 3 * MINUTE_MS)).toMatchObject([{ calls: 1, failures: 1, matches: 1 }]);
		});

		it('from a digest to each record waits for the service where it is too busy for what was saved up', async () => {
			const trigger = await create({ output: 'digest', minimumFailures: 10 });
			await trigger.poll();
			failEachMinute(3, 0);
			expect(await itemsAfter(trigger, 5 * MINUTE_MS)).toBeNull();
			const next = await edited(trigger, { output: 'eachRecord' });
			const busy = { kind: 'http', httpStatus: 429, headers: { 'Retry-After': '300' } } as const;
			service.simulator.failNext({ kind: 'slow', ms: 0 }, busy, busy, busy);
			await expect(idsAfter(next, MINUTE_MS)).rejects.toMatchObject({ failure: { cause: 'rate-limited' } });
			expect(await idsAfter(next, MINUTE_MS)).toEqual(numbers(3));
			expect(await idsAfter(next, MINUTE_MS)).toBeNull();
		});

		it('is not what an expression does that has another value in each poll', async () => {
			const minute = '={{ $now.toFormat("yyyy-MM-dd HH:mm") }}';
			const ids: unknown[] = [];
			const trigger = await create({ filters: { calledInfo: minute } });
			await trigger.poll();
			for (let polls = 1; polls <= 10; polls++) {
				const calledInfo = wireTime(NOW_MS + polls * MINUTE_MS).slice(0, 16).replace('T', ' '); // prettier-ignore
				service.simulator.dataset.add(call(`${polls - 1}`, polls * MINUTE_MS - 2000, { calledInfo }));
				ids.push(...((await idsAfter(trigger, MINUTE_MS)) ?? []));
			}
			expect(ids).toEqual(numbers(10));
		});
	});

	describe('open calls', () => {
		beforeEach(() => {
			service.simulator.behaviour.listsOngoingCalls = true;
		});

		it('of long ago do not stop a trigger that is published again', async () => {
			service.simulator.dataset.add(call('open', -MINUTE_MS, OPEN));
			const trigger = await create({ options: { lookback: 1 } });
			await trigger.poll();
			await idsAfter(trigger, 10 * MINUTE_MS);
			for (const days of [8, 62]) {
				const next = await edited(trigger, {});
				const error = logged(next, 'error');
				clock.ms = NOW_MS + days * DAY_MS;
				service.simulator.dataset.add(call(`new ${days}`, days * DAY_MS - MINUTE_MS));
				expect(await idsAfter(next, 0)).toContain(`new ${days}`);
				expect(texts(error)).toEqual([expect.stringMatching(/no longer followed, because .*: 1$/)]);
				expect(await idsAfter(next, MINUTE_MS)).toBeNull();
				expect(error).toHaveBeenCalledTimes(1);
				error.mockClear();
			}
		});

		it('are looked up once more after more than seven days off line', async () => {
			service.simulator.dataset.add(call('ended', 1000, OPEN), call('open', 2000, OPEN));
			const trigger = await create({ options: { lookback: 1 } });
			await trigger.poll();
			await idsAfter(trigger, 10 * MINUTE_MS);
			service.simulator.dataset.add(call('ended', 1000));
			const next = await edited(trigger, {});
			const error = logged(next, 'error');
			expect(await idsAfter(next, 10 * DAY_MS)).toEqual(['ended']);
			expect(texts(error)).toEqual([expect.stringMatching(/no longer followed, because .*: 1$/)]);
		});

		it('are all followed, 1,500 of them, with few requests', async () => {
			const open = (changes: object) =>
				numbers(1500).map((id) => call(id, 1000 + Number(id) * 2000, { ...OPEN, ...changes }));
			const trigger = await create();
			await trigger.poll();
			service.simulator.dataset.add(...open({}));
			expect(await idsAfter(trigger, HOUR_MS)).toBeNull();
			expect(await idsAfter(trigger, 3 * HOUR_MS)).toBeNull();
			service.simulator.dataset = listDataset(open({ terminationCode: '486' }));
			const ids: unknown[] = [];
			for (let polls = 0; polls < 60; polls++) {
				service.simulator.resetStats();
				ids.push(...((await idsAfter(trigger, MINUTE_MS)) ?? []));
				expect(service.simulator.requests.length).toBeLessThan(50);
			}
			expect(ids.map(Number).sort((a, b) => a - b)).toEqual(numbers(1500).map(Number));
		});

		it('that hang up without a code have ended', async () => {
			const trigger = await create({ event: 'callFailed' });
			await trigger.poll();
			const ids: unknown[] = [];
			for (let hour = 0; hour < 26; hour++) {
				service.simulator.dataset.add(
					...numbers(30).map((id) =>
						call(`${hour * 30 + Number(id)}`, hour * HOUR_MS + Number(id) * 2 * MINUTE_MS, {
							terminationCode: undefined,
						}),
					),
				);
				service.simulator.resetStats();
				ids.push(...((await idsAfter(trigger, HOUR_MS)) ?? []));
				expect(service.simulator.requests.length).toBeLessThan(20);
			}
			expect(ids).toEqual(numbers(26 * 30));
		});
	});

	describe('the time of a poll', () => {
		/** Each page takes the service so long. */
		const slow = (dataset: Dataset, ms: number): Dataset => ({
			...dataset,
			count: (query) => {
				clock.ms += ms;
				return dataset.count(query);
			},
		});

		it.each([undefined, 300_000])(
			'is short, and shorter at first, whatever n8n allows: %p ms',
			async (budgetMs) => {
				service.simulator.behaviour.log = false;
				const span = { from: NOW_MS - 59 * DAY_MS, to: NOW_MS, ongoing: 0 };
				service.simulator.dataset = slow(seededDataset({ count: 1_000_000, ...span }), 750);
				const trigger = await create({ options: { startFrom: 59 * 24 } }, { budgetMs });
				for (const mostMs of [20_000, 45_000, 45_000]) {
					const startedMs = clock.ms;
					expect((await idsAfter(trigger, 0))?.length).toBeGreaterThan(100);
					expect(clock.ms - startedMs).toBeLessThanOrEqual(mostMs);
				}
			},
		);

		it.each(['300', '60'])(
			'ends at a Retry-After of %s s, and the next poll reads on',
			async (retryAfter) => {
				const trigger = await create();
				await trigger.poll();
				service.simulator.dataset.add(call('1', 1000));
				clock.ms += MINUTE_MS;
				service.simulator.failNext({ kind: 'http', httpStatus: 429, headers: { 'Retry-After': retryAfter } });
				const before = stateOf(trigger);
				const startedMs = clock.ms;
				await expect(trigger.poll()).rejects.toMatchObject({
					failure: { cause: 'rate-limited', retryAfterMs: Number(retryAfter) * 1000 },
				});
				expect(clock.ms - startedMs).toBeLessThanOrEqual(45_000);
				expect(stateOf(trigger)).toEqual(before);
				expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['1']);
			},
		);
	});

	describe('the memory of the process', () => {
		/** A workflow as n8n loads it: with the state that was saved last. */
		const publish = async (saved: IDataObject, budgetMs?: number) =>
			await create({ options: { lookback: 1 } }, { nodeId: 'published', staticData: saved, budgetMs });

		it.each([undefined, 45_000])(
			'continues where nothing is saved of polls without items (budget: %p)',
			async (budgetMs) => {
				const nodeId = `durable ${budgetMs}`;
				let saved: IDataObject = {};
				const pollOnce = async () => {
					const parameters = { options: { lookback: 1 } };
					const trigger = await create(parameters, { nodeId, staticData: structuredClone(saved), budgetMs });
					const ids = await idsAfter(trigger, MINUTE_MS);
					if (ids) saved = stateOf(trigger);
					return ids;
				};
				for (let round = 0; round < 2; round++) {
					for (let polls = 0; polls < 8; polls++) {
						service.simulator.resetStats();
						expect(await pollOnce()).toBeNull();
						const fromMs = Math.min(...ranges().map(([from]) => from));
						expect(clock.ms - NOW_MS - fromMs).toBeLessThanOrEqual(4 * MINUTE_MS);
					}
					const id = `call ${round}`;
					service.simulator.dataset.add(call(id, clock.ms - NOW_MS + 1000));
					expect(await pollOnce()).toEqual([id]);
				}
			},
		);

		it('outputs the calls between publishing and the first scheduled poll', async () => {
			const first = await create({}, { nodeId: 'first', budgetMs: 45_000 });
			expect(await idsAfter(first, 0)).toBeNull();
			service.simulator.dataset.add(call('between', 20_000));
			const second = await create({}, { nodeId: 'first', budgetMs: 45_000 });
			expect(await idsAfter(second, MINUTE_MS)).toEqual(['between']);
		});

		it('repeats nothing when the workflow is published again while a poll runs', async () => {
			const first = await publish({});
			await first.poll();
			const saved = stateOf(first);
			service.simulator.dataset.add(call('1', 1000));
			clock.ms += MINUTE_MS;
			const second = await publish(saved);
			const [old, activation] = await Promise.all([first.poll(), second.poll()]);
			expect([old?.[0].length, activation]).toEqual([1, null]);
			expect(await idsAfter(second, MINUTE_MS)).toBeNull();
			service.simulator.dataset.add(call('2', 2 * MINUTE_MS));
			expect(await idsAfter(second, MINUTE_MS)).toEqual(['2']);
		});
	});

	describe('a list that is not complete', () => {
		const failEachQuarter = async (trigger: Trigger, count: number) => {
			const ids: unknown[] = [];
			for (let polls = 0; polls < count; polls++) {
				service.simulator.dataset.add(call(`${polls}`, polls * 15 * MINUTE_MS + 1000));
				ids.push(...((await idsAfter(trigger, 15 * MINUTE_MS)) ?? []));
			}
			return ids;
		};

		it('is output, with the difference in the log', async () => {
			const trigger = await create();
			const warn = logged(trigger, 'warn');
			await trigger.poll();
			const { dataset } = service.simulator;
			const [wrongFromMs, wrongToMs] = [NOW_MS + HOUR_MS, NOW_MS + HOUR_MS + MINUTE_MS];
			service.simulator.dataset = {
				...dataset,
				count: (query) =>
					dataset.count(query) + (query.fromMs <= wrongToMs && query.toMs >= wrongFromMs ? 1 : 0),
			};
			expect(await failEachQuarter(trigger, 12)).toEqual(numbers(12));
			expect(texts(warn).length).toBeGreaterThan(0);
			expect(texts(warn)[0]).toMatch(
				/counts \d+ call records but lists \d+, the same each time, from 2026-11-20T/,
			);
		});
	});
});
