import type { Measured, Suite } from './bench';
import type { BenchCase } from './cases';

const ITEMS = 100_000;
const ITEMS_ALONE = 'the items alone';
const MAX_SECONDS = 10;
/** Above the items. */
const MAX_EXTRA_MB = 200;

const OF_CAMPAIGN = {
	resource: 'voiceCampaign',
	operation: 'create',
	calledNumber: '={{ $json.phone }}',
	messageType: 'text',
	language: 'EN',
	appId: 'app',
};

function casesOf(inputItems: number): BenchCase[] {
	const create = (name: string, text: string, options: object): BenchCase => ({
		name,
		width: 1,
		latencyMs: 0,
		records: 100,
		inputItems,
		node: { ...OF_CAMPAIGN, text, options: { maxNumbers: inputItems, ...options } },
	});
	const variables = { values: { text1: '={{ $json.index }}' } };
	return [
		{ ...create(ITEMS_ALONE, 'Hello', {}), executeOnce: true },
		create('Create Campaign', 'Hello', {}),
		create('Create Campaign, a variable each', 'Your code is ${text1}', { variables }),
	];
}

/** One campaign of many input items, beside n8n's own work with so many. */
export function campaignSuite(quick?: number): Suite {
	return {
		runs: quick === undefined ? 3 : 1,
		cases: casesOf(quick ?? ITEMS),
		rows(results) {
			const alone = results.find(({ benchCase }) => benchCase.name === ITEMS_ALONE);
			return {
				head: ['', 'input items', 'seconds', 'of limit', 'requests', 'longest pause ms', 'peak MB', 'MB over the items', 'of limit'], // prettier-ignore
				rows: results.map((result) => rowOf(result, alone)),
			};
		},
	};
}

function rowOf(
	{ benchCase, seconds, requests, longestPauseMs, peakMegabytes }: Measured,
	alone?: Measured,
): Array<string | number> {
	const extraMegabytes = peakMegabytes - (alone?.peakMegabytes ?? NaN);
	return [
		benchCase.name,
		benchCase.inputItems ?? 0,
		seconds.toFixed(2),
		(seconds / MAX_SECONDS).toFixed(2),
		requests,
		Math.round(longestPauseMs),
		Math.round(peakMegabytes),
		Math.round(extraMegabytes),
		(extraMegabytes / MAX_EXTRA_MB).toFixed(2),
	];
}
