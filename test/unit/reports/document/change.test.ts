import { Costs } from '../../../../nodes/Itniotech/reports/figures/costs';
import { costChange, countChange } from '../../../../nodes/Itniotech/reports/document/change';

const costsOf = (cost: string) => {
	const costs = new Costs();
	costs.add({ currency: 'USD', cost, missingCost: null });
	return costs;
};
const inTenThousandths = (count: number) => `${Math.floor(count / 10_000)}.${String(count % 10_000).padStart(4, '0')}`; // prettier-ignore

/** Computed with whole numbers only: halves up, with one decimal below 10%. */
function expectedChange(now: number, before: number): string {
	const tenths = Math.floor((2000 * Math.abs(now - before) + before) / (2 * before));
	if (tenths === 0) return now === before ? 'unchanged' : 'about the same';
	const whole = Math.floor((200 * Math.abs(now - before) + before) / (2 * before));
	const text = tenths < 100 ? (tenths / 10).toFixed(1) : whole.toLocaleString('en-US');
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
