import { amountText, chatText, numberText, shareText } from '../../records/output/text';
import { ExactSum } from '../figures/exactSum';
import type { Cause, CauseFigure } from './causes';
import type { CauseDimension, Segment, SegmentCalls } from './segments';

const MAX_CAUSES = 3;
const OTHER_CALLS = 'all other calls';

const NAMES: Record<CauseDimension, { nameOf: (value: string) => string; preposition: string }> = {
	country: { nameOf: (value) => value, preposition: 'in' },
	area: { nameOf: (value) => value, preposition: 'in' },
	displayNum: { nameOf: (value) => `display number ${value}`, preposition: 'from' },
	terminationCode: { nameOf: (value) => `code ${value}`, preposition: 'with' },
	hourOfDay: { nameOf: (value) => `${value}:00 to ${value}:59`, preposition: 'from' },
};

/** Exact decimals. */
interface Amounts {
	now: string;
	before: string;
}

/** A row of a table whose rises add up to that of all calls. */
interface CauseLine {
	name: string;
	/** What the numbers are, e.g. `cost in USD`. */
	unit: string;
	/** With its sign. */
	rise: string;
	now: string;
	before: string;
}

/**
 * What explains each figure, e.g. `Failures rose by 120: 80 of them in Kenya (60.0% failed, 10.0% before).`
 * @param part what is compared, if it is not the whole range, e.g. `since 1 Nov 2026, 01:00`
 * @param hasGapsBefore whether calls of the earlier time are missing
 */
export function causeSentences(
	causes: Cause[],
	all: Segment,
	{ part, hasGapsBefore = false }: { part?: string; hasGapsBefore?: boolean } = {},
): string[] {
	return byFigure(causes).map(([figure, own]) => {
		const rose = `${capitalized(part ? `${part}, ${nounOf(figure)}` : nounOf(figure))} rose`;
		const rest = riseIn(otherAmounts(figure, own, all));
		const parts = partsOf(own, all, hasGapsBefore);
		if (rest.startsWith('-')) {
			const list = parts.map(({ rise, where }) => `by ${rise} ${where}`).join(', ');
			const fall = figureText(figure, rest.slice(1), all);
			return `${rose} ${list}, and fell by ${fall} in ${OTHER_CALLS}.`;
		}
		const [first, ...others] = parts;
		const isAll = rest === '0' && others.length === 0;
		const pronoun = figure === 'failed' ? 'them' : 'it';
		const list = [
			`${isAll ? 'all' : first.rise} of ${pronoun} ${first.where}`,
			...others.map(({ rise, where }) => `${rise} ${where}`),
		].join(', ');
		return `${rose} by ${figureText(figure, riseIn(amountsOf(figure, all)), all)}: ${list}.`;
	});
}

/** @param max causes of each figure; the others count among all other calls */
export function causeLines(causes: Cause[], all: Segment, max: number): CauseLine[] {
	return byFigure(causes).flatMap(([figure, own]) => {
		const listed = own.slice(0, max);
		const unit = figure === 'failed' ? 'failed calls' : `cost in ${currencyIn(all)}`;
		const lineOf = (name: string, amounts: Amounts) => ({
			name,
			unit,
			rise: signedText(figure, riseIn(amounts)),
			now: plainText(figure, amounts.now),
			before: plainText(figure, amounts.before),
		});
		return [
			...listed.map((cause) => lineOf(causeNameOf(cause), amountsOf(figure, cause.segment))),
			lineOf(OTHER_CALLS, otherAmounts(figure, listed, all)),
		];
	});
}

function byFigure(causes: Cause[]): Array<[CauseFigure, Cause[]]> {
	const figures: CauseFigure[] = ['failed', 'cost'];
	return figures
		.map((figure): [CauseFigure, Cause[]] => [figure, causes.filter((cause) => cause.figure === figure)])
		.filter(([, own]) => own.length > 0);
}

/** By how much something rose, and where: `in Kenya (60.0% failed, 10.0% before)`. */
interface Part {
	rise: string;
	where: string;
}

/** The first causes, and the others as one, e.g. `in 2 more`. */
function partsOf(causes: Cause[], all: Segment, hasGapsBefore: boolean): Part[] {
	const others = causes.slice(MAX_CAUSES);
	const parts = causes.slice(0, MAX_CAUSES).map((cause) => partOf(cause, all, hasGapsBefore));
	if (others.length === 0) return parts;
	const [{ figure, dimension }] = others;
	const rise = less(riseIn(otherAmounts(figure, causes.slice(0, MAX_CAUSES), all)), [
		riseIn(otherAmounts(figure, causes, all)),
	]);
	const where = `${NAMES[dimension].preposition} ${numberText(others.length)} more`;
	return [...parts, { rise: figureText(figure, rise, all), where }];
}

function partOf(cause: Cause, all: Segment, hasGapsBefore: boolean): Part {
	const { figure, dimension, segment } = cause;
	const amounts = amountsOf(figure, segment);
	const isRate = figure === 'failed' && dimension !== 'terminationCode';
	const detail = isRate
		? `${shareText(segment.now.failed, segment.now.ended)} failed, ${rateBefore(segment.before, hasGapsBefore)}`
		: `${figureText(figure, amounts.now, all)}, ${figureText(figure, amounts.before, all)} before`;
	return {
		rise: figureText(figure, riseIn(amounts), all),
		where: `${NAMES[dimension].preposition} ${chatText(causeNameOf(cause)) || 'unknown'} (${detail})`,
	};
}

function rateBefore({ calls, ended, failed }: SegmentCalls, hasGaps: boolean): string {
	if (calls === 0 && !hasGaps) return 'no calls before';
	return ended === 0 ? 'not known before' : `${shareText(failed, ended)} before`;
}

function causeNameOf({ dimension, value }: Cause): string {
	return NAMES[dimension].nameOf(value);
}

function amountsOf(figure: CauseFigure, { now, before }: Segment): Amounts {
	const amountIn = ({ failed, costs }: SegmentCalls) =>
		figure === 'failed' ? String(failed) : (costs.list()[0]?.cost ?? '0');
	return { now: amountIn(now), before: amountIn(before) };
}

function otherAmounts(figure: CauseFigure, causes: Cause[], all: Segment): Amounts {
	const whole = amountsOf(figure, all);
	const parts = causes.map(({ segment }) => amountsOf(figure, segment));
	return {
		now: less(
			whole.now,
			parts.map(({ now }) => now),
		),
		before: less(
			whole.before,
			parts.map(({ before }) => before),
		),
	};
}

function riseIn({ now, before }: Amounts): string {
	return less(now, [before]);
}

function less(whole: string, parts: string[]): string {
	const sum = new ExactSum();
	sum.add(whole);
	for (const part of parts) sum.add(part, -1);
	return sum.toString();
}

function capitalized(text: string): string {
	return text[0].toUpperCase() + text.slice(1);
}

function nounOf(figure: CauseFigure): string {
	return figure === 'failed' ? 'failures' : 'cost';
}

function figureText(figure: CauseFigure, amount: string, all: Segment): string {
	const text = plainText(figure, amount);
	return figure === 'failed' ? text : `${text} ${currencyIn(all)}`;
}

function plainText(figure: CauseFigure, amount: string): string {
	return figure === 'failed' ? numberText(Number(amount)) : amountText(amount);
}

function signedText(figure: CauseFigure, rise: string): string {
	if (rise === '0') return '0';
	return rise.startsWith('-') ? `−${plainText(figure, rise.slice(1))}` : `+${plainText(figure, rise)}`;
}

function currencyIn({ now }: Segment): string {
	return chatText(now.costs.currency ?? '');
}
