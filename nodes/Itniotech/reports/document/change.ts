import { formatCount, formatShare } from './format';

/** How a figure changed, in words. */
export interface Change {
	text: string;
	isWorse: boolean;
}

interface Before {
	/** `null` where it is not known. */
	now: number | null;
	before: number | null;
}

/** E.g. `▲ 12 % (2,931)`; `new` against nothing; `undefined` where there is nothing to compare. */
export function changeOf({ now, before }: Before, format: (value: number) => string): Change | undefined {
	if (now === null) return undefined;
	if (before === null || before === 0) return now === 0 ? undefined : { text: 'new', isWorse: false };
	const percentage = Math.abs((now - before) / before) * 100;
	const digits = percentage < 10 ? 1 : 0;
	const text =
		percentage < 0.05 ? 'unchanged' : `${arrow(now - before)} ${formatNumber(percentage, digits)} %`;
	return { text: `${text} (${format(before)})`, isWorse: false };
}

/** Of two shares, in points: e.g. `▼ 4.1 points (63.5 %)`. */
export function changeOfShare({ now, before }: Before): Change | undefined {
	if (now === null) return undefined;
	if (before === null) return { text: 'new', isWorse: false };
	const points = Math.abs(now - before) * 100;
	const isSame = points < 0.05;
	const text = isSame ? 'unchanged' : `${arrow(now - before)} ${formatNumber(points, 1)} points`;
	return { text: `${text} (${formatShare(before)})`, isWorse: !isSame && now < before };
}

function arrow(difference: number): string {
	return difference > 0 ? '▲' : '▼';
}

function formatNumber(value: number, digits: number): string {
	return digits === 0 ? formatCount(Math.round(value)) : value.toFixed(digits);
}
