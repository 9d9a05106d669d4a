import { Costs } from '../../../../nodes/Itniotech/reports/figures/costs';
import { costChange, countChange } from '../../../../nodes/Itniotech/reports/document/change';

const costsOf = (cost: string) => {
	const costs = new Costs();
	costs.add({ currency: 'USD', cost, missingCost: null });
	return costs;
};
const inTenThousandths = (count: number) => `${Math.floor(count / 10_000)}.${String(count % 10_000).padStart(4, '0')}`; // prettier-ignore

/** Computed with whole numbers only: halves up, with one decimal below 10%, and 100% only of all. */
function expectedChange(now: number, before: number): string {
	const rise = Math.abs(now - before);
	const percentage = (digits: number) => {
		const unit = 10 ** digits;
		return (Math.floor((200 * unit * rise + before) / (2 * before)) / unit).toFixed(digits);
	};
	if (percentage(1) === '0.0') return now === before ? 'unchanged' : 'about the same';
	const isNotAll = percentage(0) === '100' && rise < before;
	const digits = isNotAll
		? [1, 2, 3].find((count) => Number(percentage(count)) < 100)!
		: Number(percentage(1)) < 10
			? 1
			: 0;
	const text = digits > 0 ? percentage(digits) : Number(percentage(0)).toLocaleString('en-US');
	return `${now > before ? '▲' : '▼'} ${text}%`;
}

test('a change is rounded once, from exact figures, at each edge', () => {
	const wrong: unknown[] = [];
	for (const before of [1, 3, 7, 40, 160, 200, 2000, 20_000]) {
		for (let now = 0; now <= 3 * before && now <= before + 400; now++) {
			const words = expectedChange(now, before);
			const ofCounts = countChange(now, before)?.text;
			const [cost, earlier] = [now, before].map((count) => costsOf(inTenThousandths(count)));
			const ofCosts = costChange(cost, earlier)?.text.replace(/ \(.*/, '');
			if (ofCounts !== `${words} (${before.toLocaleString('en-US')})` || ofCosts !== words)
				wrong.push({ now, before, words, ofCounts, ofCosts });
		}
	}
	expect(wrong).toEqual([]);
});

test.each([
	['-2', '-4', '▲ 50% (-4.00)'],
	['0.00000000000000000003', '0.00000000000000000002', '▲ 50% (0.00000000000000000002)'],
	['100000000000000000000000000001', '100000000000000000000000000000', 'about the same (100,000,000,000,000,000,000,000,000,000.00)'],
])('%s after %s is %s', (now, before, text) => {
	expect(costChange(costsOf(now), costsOf(before))?.text).toBe(text);
}); // prettier-ignore
