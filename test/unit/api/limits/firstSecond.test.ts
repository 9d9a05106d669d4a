import {
	atOnce,
	burst,
	noLimit,
	perSecond,
	queueing,
	rejecting,
	type Limit,
} from '../../support/simulatedServices';
import { Client, secondsAtFixedWidth } from '../../support/poolClient';

/** As a scan does: the first page, then the others. @returns seconds */
async function scan(client: Client, pages = 100): Promise<number> {
	const first = await client.requests(1);
	return (first + (await client.requests(pages - 1))) / 1000;
}

const mostInASecond = ({ sentAtMs }: Client) =>
	Math.max(...sentAtMs.map((start) => sentAtMs.filter((ms) => ms >= start && ms < start + 1000).length));

describe('the first second', () => {
	test('is enough for 100 pages across a continent within 2.4 s, where 20 at a time take 2.1 s', async () => {
		const client = new Client(noLimit(350));
		expect(await scan(client)).toBeLessThanOrEqual(2.35);
		expect(client.service.maxInFlight).toBe(20);
	});

	test.each([5, 20, 50, 80, 100, 150, 200, 350, 550, 800])(
		'brings no more than a hundred requests a second, five of them at once, at %d ms',
		async (latencyMs) => {
			const client = new Client(noLimit(latencyMs));
			await scan(client, 200);
			if (latencyMs >= 50) expect(mostInASecond(client)).toBeLessThanOrEqual(105);
			expect(client.service.maxInFlight).toBeLessThanOrEqual(Math.max(5, latencyMs / 10));
		},
	);

	test.each([
		[400, 30],
		[2000, 50],
		[100, 5],
	])('does not take a first answer that is late for distance: %d ms, then %d ms', async (late, latencyMs) => {
		let answers = 0;
		const client = new Client({ ...noLimit(0), latencyMs: () => (answers++ === 0 ? late : latencyMs) });
		await scan(client);
		expect(client.service.maxInFlight).toBe(5);
	});

	test('does not come again where requests queue up at the service', async () => {
		const client = new Client(queueing(5, 200));
		await scan(client, 400);
		expect(Math.max(...client.widths.slice(200))).toBeLessThanOrEqual(12);
	});

	const FAR = [60, 100, 150, 200, 350, 550, 800];

	test.each(FAR)('costs at most 15 rejections where 8 are taken at once, at %d ms', async (latencyMs) => {
		const client = new Client(atOnce(8, latencyMs));
		const seconds = await scan(client);
		expect(client.service.rejections).toBeLessThanOrEqual(15);
		expect(seconds).toBeLessThanOrEqual(2.2 * (await secondsAtFixedWidth(atOnce(8, latencyMs), 8, 100)));
	});

	test.each(FAR)('does not make five rejections in a row cost more, at %d ms', async (latencyMs) => {
		const limitOf = () => rejecting([2, 3, 4, 5, 6], latencyMs);
		const seconds = await scan(new Client(limitOf()));
		expect(seconds).toBeLessThanOrEqual(2 * (await secondsAtFixedWidth(limitOf(), 8, 100)));
	});

	const LIMITS: Array<[string, (latencyMs: number) => Limit]> = [
		...[1, 2, 3, 5, 12, 16].map((limit): [string, (latencyMs: number) => Limit] => [
			`${limit} at once`,
			(latencyMs) => atOnce(limit, latencyMs),
		]),
		...[10, 20, 30, 50, 80].map((limit): [string, (latencyMs: number) => Limit] => [
			`${limit} per second`,
			(latencyMs) => perSecond(limit, latencyMs),
		]),
		['bursts of 20, 20 per second', (latencyMs) => burst(20, 20, latencyMs)],
	];

	test.each(LIMITS.flatMap(([name, limitOf]) => FAR.map((ms) => ({ name, ms, limitOf }))))(
		'costs few rejections and little time at $name, $ms ms',
		async ({ name, ms, limitOf }) => {
			const client = new Client(limitOf(ms));
			const seconds = await scan(client, 400);
			const fixed = await Promise.all(
				[1, 2, 3, 5, 8, 12, 16, 20]
					.filter((width) => width <= Math.max(5, ms / 10))
					.map(async (width) => await secondsAtFixedWidth(limitOf(ms), width, 399)),
			);
			expect(client.service.answers).toBe(400);
			if (name.endsWith('at once')) expect(client.service.rejections).toBeLessThanOrEqual(30);
			expect(Math.min(...fixed) / (seconds - ms / 1000)).toBeGreaterThanOrEqual(0.6);
		},
	);
});
