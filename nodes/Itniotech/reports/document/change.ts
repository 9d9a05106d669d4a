import { amountText, chatText, numberText, quotientText, shareText } from '../../records/output/text';
import type { Costs } from '../figures/costs';
import { wholeNumbers } from '../figures/exactSum';

/** How a figure changed, in words. */
export interface Change {
	text: string;
	isWorse: boolean;
}

export interface Share {
	part: number;
	whole: number;
}

/** E.g. `▲ 12% (2,931)`; `undefined` where there is nothing to compare. */
export function countChange(now: number, before: number): Change | undefined {
	if (before === 0) return undefined;
	return { text: `${ratioChange(BigInt(now), BigInt(before))} (${numberText(before)})`, isWorse: false };
}

/** In points, e.g. `▼ 4.1 points (63.5%)`. */
export function shareChange(now: Share, before: Share): Change | undefined {
	const points = pointsText(now, before);
	if (points === undefined) return undefined;
	const isLess = isBelow(now, before);
	const text = points === '' ? sameText(!isLess && !isBelow(before, now)) : `${isLess ? '▼' : '▲'} ${points}`;
	return { text: `${text} (${shareText(before.part, before.whole)})`, isWorse: points !== '' && isLess };
}

/** For a sentence, e.g. `5.3 points less than Monday`. */
export function pointsPhrase(now: Share, before: Share, than: string): string | undefined {
	const points = pointsText(now, before);
	if (points === undefined) return undefined;
	const isLess = isBelow(now, before);
	if (points !== '') return `${points} ${isLess ? 'less' : 'more'} than ${than}`;
	const isSame = !isLess && !isBelow(before, now);
	return `${isSame ? 'unchanged' : 'about the same'}`;
}

/**
 * Each currency separately; nothing where a part of the costs is not known, then or now. What another currency cost before
 * says nothing about this one.
 */
export function costChange(now: Costs, before: Costs): Change | undefined {
	if (now.isSoFar || before.isSoFar) return undefined;
	const [costs, earlier] = [now, before].map((one) => one.list().filter(({ cost }) => cost !== '0'));
	const costIn = (currency: string) => costs.find((one) => one.currency === currency)?.cost;
	const compared = earlier.filter(({ currency }) => costs.length === 0 || costIn(currency) !== undefined);
	const hasOthers = new Set([...now.list(), ...earlier].map(({ currency }) => currency)).size > 1;
	const texts = compared.slice(0, 2).map(({ currency, cost }) => {
		const [amount, amountBefore] = wholeNumbers(costIn(currency) ?? '0', cost);
		const name = hasOthers ? ` ${chatText(currency)}` : '';
		return `${ratioChange(amount, amountBefore)} (${amountText(cost)}${name})`;
	});
	return texts.length === 0 ? undefined : { text: texts.join(', '), isWorse: false };
}

export function isBelow(a: Share, b: Share): boolean {
	return BigInt(a.part) * BigInt(b.whole) < BigInt(b.part) * BigInt(a.whole);
}

/** `''` for less than can be shown, `undefined` for a share of nothing. */
function pointsText(now: Share, before: Share): string | undefined {
	if (now.whole === 0 || before.whole === 0) return undefined;
	const [a, b] = [BigInt(now.part) * BigInt(before.whole), BigInt(before.part) * BigInt(now.whole)];
	const text = quotientText(100n * (a > b ? a - b : b - a), BigInt(now.whole) * BigInt(before.whole), 1);
	return text === '0.0' ? '' : `${text} ${text === '1.0' ? 'point' : 'points'}`;
}

function ratioChange(now: bigint, before: bigint): string {
	const [rise, whole] = [now > before ? now - before : before - now, before < 0n ? -before : before];
	const percentage = quotientText(100n * rise, whole, 1);
	if (percentage === '0.0') return sameText(now === before);
	return `${now > before ? '▲' : '▼'} ${roundText(rise, whole, percentage)}`;
}

/** From 10% on without decimals, but only all is 100%. */
function roundText(rise: bigint, whole: bigint, percentage: string): string {
	if (percentage.length <= 3) return `${percentage}%`;
	const text = numberText(Number(quotientText(100n * rise, whole, 0)));
	return text === '100' && rise < whole ? shareText(rise, whole) : `${text}%`;
}

function sameText(isExact: boolean): string {
	return isExact ? 'unchanged' : 'about the same';
}
