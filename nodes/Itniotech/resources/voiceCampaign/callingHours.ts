import { IANAZone } from 'luxon';
import { UserError } from 'n8n-workflow';
import { CAMPAIGN_OFFSET_HOURS } from '../../api/campaignValues';
import type { TimeSpan } from '../../api/types';
import { numberText } from '../../records/output/text';
import { isEmpty, notValid, readText } from '../../records/query/parameters';

/** Source: the vendor's pages on group call tasks. */
const MAX_WINDOWS = 3;
const DAY = 24 * 60;
/** Hours end here at the latest: the service has no 24:00. */
const LAST_MINUTE = DAY - 1;
const MINUTE_MS = 60_000;
const WINDOW = /^(\d{1,2}):([0-5]\d)\s*[\p{Pd}\u2212]\s*(\d{1,2}):([0-5]\d)$/u;
const HOURS_EXAMPLE = 'Enter up to three, e.g. 09:00-12:00, 14:00-18:00';

/**
 * Hours of the day in which people may be called, by the clock of the service. Its pages do not say whether hours may go
 * over midnight, so those that do become two.
 * @param value e.g. `09:00-12:00, 14:00-18:00`, in the zone
 * @param startMs decides between summer and winter time
 * @throws UserError naming what is not valid
 */
export function readCallingHours(value: unknown, zone: string, startMs: number): TimeSpan[] | undefined {
	if (isEmpty(value)) return undefined;
	const text = readText(value, 'Calling Hours', HOURS_EXAMPLE)
		.normalize('NFKC')
		.replace(/\p{Cf}/gu, '');
	const entries = text.split(/[,;、\n]/);
	const shift = CAMPAIGN_OFFSET_HOURS * 60 - IANAZone.create(zone).offset(startMs);
	const windows = entries.filter((entry) => !isEmpty(entry)).map((entry) => readWindow(entry.trim()));
	const ranges = withoutOverlaps(
		windows.flatMap(({ from, length }) => {
			const start = (from + shift + DAY) % DAY;
			const end = start + length;
			return end <= DAY ? [{ from: start, to: end }] : [{ from: start, to: DAY }, { from: 0, to: end - DAY }]; // prettier-ignore
		}),
	).filter(({ from }) => from < LAST_MINUTE);
	if (ranges.length > MAX_WINDOWS || ranges.length === 0) throw wrongCount(ranges.length);
	// All day is no limit.
	if (ranges[0].from === 0 && ranges[0].to === DAY) return undefined;
	return ranges.map(({ from, to }) => ({
		strTime: hourText(from),
		endTime: hourText(Math.min(to, LAST_MINUTE)),
	}));
}

/** The first moment from `fromMs` on that is within the hours, as this node reads them; Unix milliseconds. */
export function nextCallingMs(hours: TimeSpan[], fromMs: number): number {
	const shiftMs = CAMPAIGN_OFFSET_HOURS * 3_600_000;
	const dayMs = DAY * MINUTE_MS;
	const midnightMs = Math.floor((fromMs + shiftMs) / dayMs) * dayMs - shiftMs;
	const candidates = [0, 1].flatMap((days) =>
		hours.map(({ strTime, endTime }) => {
			const [from, to] = [strTime, endTime].map((time) => {
				const [hour, minute] = time.split(':').map(Number);
				return hour * 60 + minute;
			});
			const startMs = midnightMs + days * dayMs;
			return {
				fromMs: startMs + from * MINUTE_MS,
				toMs: startMs + (to === LAST_MINUTE ? DAY : to) * MINUTE_MS,
			};
		}),
	);
	const open = candidates.filter(({ toMs }) => toMs > fromMs);
	return Math.max(fromMs, Math.min(...open.map((range) => range.fromMs)));
}

/** Minutes of a day. */
interface Range {
	from: number;
	to: number;
}

/** Those that touch are one. */
function withoutOverlaps(ranges: Range[]): Range[] {
	const joined: Range[] = [];
	for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
		const last = joined.at(-1);
		if (last && from <= last.to) last.to = Math.max(last.to, to);
		else joined.push({ from, to });
	}
	return joined.length < ranges.length ? joined : ranges;
}

function readWindow(entry: string): { from: number; length: number } {
	const match = WINDOW.exec(entry);
	const [from, to] = match
		? [minutesOf(match[1], match[2]), minutesOf(match[3], match[4])]
		: [undefined, undefined];
	if (from === undefined || to === undefined || from === DAY || from === to) {
		throw new UserError(notValid('Calling Hours', 'range of hours', entry), { description: HOURS_EXAMPLE });
	}
	return { from, length: to > from ? to - from : to - from + DAY };
}

function minutesOf(hours: string, minutes: string): number | undefined {
	const all = Number(hours) * 60 + Number(minutes);
	return all <= DAY ? all : undefined;
}

function hourText(minutes: number): string {
	return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function wrongCount(count: number): UserError {
	return new UserError(`"Calling Hours" has ${numberText(count)} ranges of hours`, {
		description: `ITNIO TECH takes up to ${MAX_WINDOWS}, by its own clock (UTC+${CAMPAIGN_OFFSET_HOURS}): hours that go past midnight there count twice. ${HOURS_EXAMPLE}`,
	});
}
