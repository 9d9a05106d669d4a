import { DateTime } from 'luxon';
import { chatText, minuteText, numberText, quantityText } from '../../../records/output/text';
import type { News } from './transition';
import type { Limits } from './verdict';

/** What a text is about, in words. */
export interface Subject extends Limits {
	/** E.g. `the failure rate`. */
	noun: string;
	/** E.g. `%`. */
	unitText: string;
	zone: string;
}

/** One value, in words. */
export interface ValueLine {
	/** E.g. `42.9%`; `undefined` where it is not known. */
	text: string | undefined;
	/** What follows in a list of groups, e.g. `3 of 7 calls`. */
	details: string;
	/** E.g. `Afghanistan`; empty where there is one alarm for all calls. */
	group: string;
	/** When its alarm was raised, Unix time in seconds. */
	raisedS: number;
}

const MAX_LINES = 20;
const HEADS: Record<News, string> = { raised: 'Alarm', reminder: 'Still active', cleared: 'Cleared' };
const PLURALS: Record<string, [string, string]> = {
	country: ['country', 'countries'],
	area: ['area', 'areas'],
	displayNum: ['display number', 'display numbers'],
	terminationCode: ['termination code', 'termination codes'],
};

/** @param maybeEarlier whether nobody looked shortly before, so that the threshold may have been crossed earlier */
export function alarmText(
	subject: Subject,
	{ news, line, maybeEarlier }: { news: News; line: ValueLine; maybeEarlier: boolean },
): string {
	const value = `${HEADS[news]}: ${valueIs(subject, line)}`;
	if (news === 'raised') {
		return `${value}, ${crossedText(subject, line)} ${sinceText(subject, line, maybeEarlier)}`;
	}
	const raised = timeText(line.raisedS, subject.zone);
	const side = news === 'cleared' ? backText(subject) : remindedText(subject);
	return `${value}, ${side}. The alarm was raised at ${raised}.`;
}

/** All alarms of one kind of news in one text, at most 20 of them by name. */
export function groupsText(
	subject: Subject,
	{ news, lines, ...rest }: { news: News; lines: ValueLine[]; alarmPer: string; maybeEarlier: boolean },
): string {
	const { alarmPer, maybeEarlier } = rest;
	const groups = quantityText(lines.length, ...(PLURALS[alarmPer] ?? ['group', 'groups']));
	const head = {
		raised: `${subject.noun} is ${thresholdText(subject)} for ${groups} ${sinceText(subject, lines[0], maybeEarlier)}`,
		reminder: `${subject.noun}, ${remindedText(subject)}, for ${groups}`,
		cleared: `${subject.noun} is ${backText(subject)} for ${groups}`,
	}[news];
	const texts = lines.map((line) => {
		const raised = news === 'raised' ? '' : `, raised at ${timeText(line.raisedS, subject.zone)}`;
		return `${lineText(line)}${raised}`;
	});
	return [`${HEADS[news]}: ${head}`, ...firstLines(texts)].join('\n');
}

/**
 * For a test in the editor.
 * @param isCrossed `undefined` where more is to come that may change it
 */
export function presentText(
	subject: Subject,
	line: ValueLine,
	{ isCrossed, nowS }: { isCrossed: boolean | undefined; nowS: number },
): string {
	const time = timeText(nowS, subject.zone);
	if (line.text === undefined || isCrossed === undefined) return `Now: ${valueIs(subject, line)}, ${time}`;
	const side = isCrossed ? crossedText(subject, line) : `not ${thresholdText(subject)}`;
	return `Now: ${valueIs(subject, line)}, ${side}, ${time}`;
}

/** For a test in the editor, of groups. */
export function presentGroupsText(subject: Subject, lines: ValueLine[], nowS: number): string {
	const time = timeText(nowS, subject.zone);
	const head = lines.length > 0 ? subject.noun : `no calls to tell ${subject.noun} from`;
	return [`Now: ${head}, ${time}`, ...firstLines(lines.map(lineText))].join('\n');
}

/** A zone such as America/New_York has a character that Telegram reads as mark-up. */
export function timeText(seconds: number, zone: string): string {
	return `${minuteText(DateTime.fromSeconds(seconds, { zone }))} (${chatText(zone)})`;
}

function sinceText({ zone }: Subject, { raisedS }: ValueLine, maybeEarlier: boolean): string {
	return `since ${timeText(raisedS, zone)}${maybeEarlier ? ' or earlier' : ''}`;
}

function firstLines(texts: string[]): string[] {
	const more = texts.length - MAX_LINES;
	return more > 0 ? [...texts.slice(0, MAX_LINES), `and ${numberText(more)} more`] : texts;
}

function lineText({ group, text, details }: ValueLine): string {
	return `${group}: ${text ?? 'not known'} (${details})`;
}

function valueIs({ noun }: Subject, { text }: ValueLine): string {
	return `${noun} is ${text ?? 'not known'}`;
}

/** A rounded value may read like the threshold. */
function crossedText(subject: Subject, { text = '' }: ValueLine): string {
	const just = parseFloat(text.replace(/,/g, '')) === subject.threshold ? 'just ' : '';
	return `${just}${thresholdText(subject)}`;
}

function thresholdText({ condition, threshold, unitText }: Subject): string {
	return `${condition} ${numberText(threshold)}${unitText}`;
}

/** True between "Clear At" and the threshold, too. */
function remindedText({ threshold, unitText }: Subject): string {
	return `with a threshold of ${numberText(threshold)}${unitText}`;
}

function backText({ condition, clearAt, unitText }: Subject): string {
	return `not ${condition} ${numberText(clearAt)}${unitText}`;
}
