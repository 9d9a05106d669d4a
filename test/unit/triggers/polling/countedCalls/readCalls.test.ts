import { listDataset } from '../../../../simulator/dataset';
import { call } from '../../../../support/calls';
import { HOUR_MS, MINUTE_MS } from '../../../../support/times';
import { useService, watch } from '../../../support/watch';

const RULE = {
	event: 'thresholdCrossed',
	metric: 'failureRate',
	condition: 'above',
	threshold: 20,
	minimumCalls: 5,
};
const CALLS_PER_HOUR = 600;
const PAGE_SIZE = 10;
/** By then, a window is read whole. */
const MAX_POLLS = 60;

const current = useService();
const { clock } = current;

/** A service with calls of the last hours, half of which failed, whose pages come one after another. */
function slowDown(pageMs: number): void {
	const count = 8 * CALLS_PER_HOUR;
	const calls = Array.from({ length: count }, (_, nth) =>
		call(`${nth}`, -10_000 - nth * (HOUR_MS / CALLS_PER_HOUR), { terminationCode: nth % 2 ? '486' : '200' }),
	);
	const dataset = listDataset(calls);
	current.service.dataset = {
		...dataset,
		count: (query) => {
			clock.ms += pageMs;
			return dataset.count(query);
		},
	};
}

// The look-back has 61 pages, for which a poll has 27 seconds. The first one has 12.
test.each([5, 60, 240])(
	'a window of %d minutes is read by as many polls as it takes, from the first one on',
	async (windowMinutes) => {
		for (const pageMs of [150, 300, 400]) {
			slowDown(pageMs);
			const options = { pageSize: PAGE_SIZE };
			const trigger = watch(current.service, { ...RULE, windowMinutes, options });
			let items = await trigger.poll();
			for (let polls = 1; !items && polls < MAX_POLLS; polls++) {
				expect(trigger.log.splice(0).join()).toContain('The next poll reads on');
				clock.ms += MINUTE_MS;
				items = await trigger.poll();
			}
			expect(items).toMatchObject([{ state: 'raised' }]);
		}
	},
);

test('a look-back that takes longer than a poll has is refused by name, once nothing else is left to read', async () => {
	slowDown(700);
	const trigger = watch(current.service, { ...RULE, windowMinutes: 60, options: { pageSize: PAGE_SIZE } });
	for (let polls = 0; polls < 8; polls++) {
		const startMs = clock.ms;
		await Promise.allSettled([trigger.poll()]);
		clock.ms = Math.max(clock.ms, startMs + MINUTE_MS);
	}
	await expect(trigger.poll()).rejects.toThrow(
		'The calls of the look-back could not be read in the time of one poll',
	);
});
