import { moneyText, numberText, quantityText } from '../../records/output/text';
import type { CallReport } from './callReport';
import { pointsPhrase } from './change';
import { answeredShare, shareTextOf, type ReportLayout } from './overview';
import { earlierNames, partText, rangeText, type EarlierNames } from './period';

/** The whole report in a sentence, e.g. `1,204 calls, 63.5% answered (5.3 points less than Monday), 440 failed, 45.86 USD`. */
export function sentenceOf(report: CallReport, layout: ReportLayout): string {
	const { total, comparedTotal, earlierTotal: earlier } = report;
	const names = namesOf(report, layout);
	if (total.calls === 0) return outageText(earlier?.calls, names.when, layout);
	const points = earlier && pointsPhrase(answeredShare(comparedTotal), answeredShare(earlier), names.than);
	return phrasesOf(report, layout, {
		calls: earlier?.calls === 0 && !layout.hasGapsBefore ? ` (no ${callNounOf(layout)}s ${names.when})` : '',
		answered: points ? ` (${names.since}${points})` : '',
	});
}

/** A subject has no room for a note that other calls are not counted. */
function callNounOf({ isFiltered }: ReportLayout): string {
	return isFiltered ? 'matching call' : 'call';
}

/** How sentences name what is compared. */
function namesOf(
	{ range, zone, comparedPart }: CallReport,
	{ earlierRange }: ReportLayout,
): EarlierNames & { since: string } {
	if (comparedPart) {
		const rest = 'in what is left of the earlier time';
		return { than: rest, when: rest, since: `${partText(comparedPart.later, range, zone)}: ` };
	}
	const names = earlierRange ? earlierNames(range, earlierRange, zone) : { than: 'before', when: 'before' };
	return { ...names, since: '' };
}

/** Stands alone, without notes below it, and without the comparison, for which a line in an inbox has no room. */
export function shortSentenceOf(report: CallReport, layout: ReportLayout): string {
	return report.total.calls === 0 ? sentenceOf(report, layout) : phrasesOf(report, layout);
}

function phrasesOf(
	{ total }: CallReport,
	layout: ReportLayout,
	comparison?: { calls: string; answered: string },
): string {
	const { failed, pending, voicemail } = total;
	const { hasGaps } = layout;
	const listed = hasGaps ? ' listed' : '';
	const calls = quantityText(total.calls, callNounOf(layout)) + listed + (comparison?.calls ?? '');
	// What they cost is not known before they end.
	if (pending === total.calls) return `${calls}, ${total.calls === 1 ? 'not' : 'none'} ended yet`;
	const answered = [
		`${shareTextOf(answeredShare(total))} answered${comparison?.answered ?? ''}`,
		failed === 0 ? 'none failed' : `${numberText(failed)} failed`,
	];
	const cost = moneyText(total.costs.list(), total.costs.isSoFar || hasGaps);
	return [
		calls,
		...(answeredShare(total).whole > 0 ? answered : []),
		...(voicemail > 0 ? [`${numberText(voicemail)} to voicemail`] : []),
		...(!comparison && pending > 0 ? [`${numberText(pending)} not ended yet`] : []),
		/\d/.test(cost) ? cost : `cost ${cost}`,
	].join(', ');
}

function outageText(before: number | undefined, when: string, layout: ReportLayout): string {
	const { hasGaps, hasGapsBefore } = layout;
	const none = `No ${callNounOf(layout)}s${hasGaps ? ' listed' : ''}`;
	if (before === undefined || (before === 0 && hasGapsBefore)) return none;
	if (before === 0) return `${none}, and none ${when}`;
	return `${none}. ${numberText(before)}${hasGapsBefore ? ' or more' : ''} ${when}`;
}

/** What the figures leave out, a sentence each. */
export function notesOf(
	{ total, earlierTotal, hourly, comparedPart, zone }: CallReport,
	{ isFiltered, hasGaps, hasGapsBefore, isTooEarly }: ReportLayout,
): string[] {
	const { pending, voicemail } = total;
	const { unbilledCalls, unreadableCosts } = total.costs;
	const hasChanges = total.calls > 0 && (earlierTotal?.calls ?? 0) > 0;
	const calls = (count: number, one: string, many: string) =>
		`${quantityText(count, 'call')} ${count === 1 ? one : many}`;
	const notes: Array<string | false | undefined> = [
		isFiltered && 'Only calls that match the filters are counted.',
		hasGaps && 'Calls of this time may be missing from the list of ITNIO TECH.',
		hasGaps && !hasGapsBefore && hasChanges && 'Changes may not be exact.',
		hasGapsBefore &&
			`Calls of the time before may be missing from the list of ITNIO TECH${hasChanges ? ', so changes may not be exact' : ''}.`,
		// Where none has ended, the sentence before says so.
		pending > 0 && pending < total.calls && `${calls(pending, 'has', 'have')} not ended yet.`,
		voicemail > 0 && 'Calls to voicemail count as neither answered nor failed.',
		unbilledCalls > 0 && `${calls(unbilledCalls, 'is', 'are')} not billed yet and not in the cost.`,
		unreadableCosts > 0 &&
			`The cost of ${quantityText(unreadableCosts, 'call')} cannot be read and is not in the sum.`,
		total.untimedCalls > 0 &&
			`The duration of ${quantityText(total.untimedCalls, 'answered call')} is not known and not in any figure.`,
		hourly.untimed > 0 &&
			`${calls(hourly.untimed, 'without a readable time is', 'without a readable time are')} not in any chart.`,
		isTooEarly && 'ITNIO TECH keeps calls for two months, so there is nothing to compare with.',
		comparedPart &&
			`ITNIO TECH keeps calls for two months. Changes compare ${rangeText(comparedPart.later, zone)} with ${rangeText(comparedPart.earlier, zone)}, the part that is left.`,
	];
	return notes.filter((note) => typeof note === 'string');
}

/** E.g. `Tue 24 Nov 2026 (Asia/Singapore), compared with Mon 23 Nov 2026`. */
export function periodOf({ range, zone }: CallReport, { earlierRange }: ReportLayout): string {
	const comparison = earlierRange ? `, compared with ${rangeText(earlierRange, zone)}` : '';
	return `${rangeText(range, zone)} (${zone})${comparison}`;
}
