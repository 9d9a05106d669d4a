import { DateTime } from 'luxon';
import { isWholeDays } from '../../records/calendar';
import { clockText } from '../../records/output/text';
import type { TimeRange } from '../../records/calendar';

/** E.g. `Tue 24 Nov 2026`, `16 Nov 2026 – 22 Nov 2026` or `24 Nov 2026, 08:00 – 10:00`, in a timezone. */
export function rangeText(range: TimeRange, zone: string): string {
	const [from, to] = edgesOf(range, zone);
	const isOneDay = from.hasSame(to, 'day');
	if (isWholeDays(range, zone)) {
		return isOneDay ? from.toFormat('ccc d LLL yyyy') : `${dayText(from)} – ${dayText(to)}`;
	}
	return `${dayText(from)}, ${clockText(from)} – ${isOneDay ? '' : `${dayText(to)}, `}${clockText(to)}`;
}

/** E.g. `since 1 Nov 2026, 01:00`, where a part lasts until the end of the range. */
export function partText(part: TimeRange, range: TimeRange, zone: string): string {
	const [from] = edgesOf(part, zone);
	return part.toS < range.toS ? rangeText(part, zone) : `since ${dayText(from)}, ${clockText(from)}`;
}

/** How a sentence names an earlier range. */
export interface EarlierNames {
	/** After "less than", e.g. `Monday`. */
	than: string;
	/** After a number of calls, e.g. `the day before`. */
	when: string;
}

export function earlierNames(range: TimeRange, earlier: TimeRange, zone: string): EarlierNames {
	const [[from], [earlierFrom]] = [edgesOf(range, zone), edgesOf(earlier, zone)];
	const unit = unitOf(earlier, zone);
	const isRightBefore = earlier.toS + 1 === range.fromS;
	const nameAs = (name: string) => ({ than: name, when: name });
	if (isRightBefore && unit && unit === unitOf(range, zone)) {
		const names = nameAs(`the ${unit} before`);
		return unit === 'day' ? { ...names, than: earlierFrom.toFormat('cccc') } : names;
	}
	if (earlierFrom.plus({ days: 7 }).equals(from)) return nameAs('a week earlier');
	if (isRightBefore) return nameAs('in the time before');
	const part = ['day', 'month'].find((one) => earlierFrom.plus({ [one]: 1 }).equals(from)) ?? 'days';
	return nameAs(`in the same part of the ${part} before`);
}

/** `null` for what is not exactly one day, seven days or month of the calendar. */
function unitOf(range: TimeRange, zone: string): 'day' | 'week' | 'month' | null {
	if (!isWholeDays(range, zone)) return null;
	const [from, to] = edgesOf(range, zone);
	if (from.hasSame(to, 'day')) return 'day';
	if (from.plus({ days: 6 }).hasSame(to, 'day')) return 'week';
	return from.day === 1 && from.hasSame(to, 'month') && to.day === to.daysInMonth ? 'month' : null;
}

function edgesOf({ fromS, toS }: TimeRange, zone: string): [DateTime, DateTime] {
	return [
		DateTime.fromSeconds(fromS, { zone, locale: 'en' }),
		DateTime.fromSeconds(toS, { zone, locale: 'en' }),
	];
}

function dayText(time: DateTime): string {
	return time.toFormat('d LLL yyyy');
}
