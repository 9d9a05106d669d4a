import { DateTime } from 'luxon';
import { isWholeDays } from '../../records/calendar';
import type { TimeRange } from '../../records/windows';
import type { Costs } from '../figures/costs';
import { chatText } from '../../records/output/text';

/** One way to write each kind of figure, for the subject, the text and the HTML alike. */

export const UNKNOWN = '–';
const MAX_CURRENCIES = 3;

export function formatCount(count: number): string {
	return count.toLocaleString('en-US');
}

/** @param share 0 to 1 */
export function formatShare(share: number | null): string {
	return share === null ? UNKNOWN : `${(share * 100).toFixed(1)} %`;
}

export function formatSeconds(seconds: number | null): string {
	return seconds === null ? UNKNOWN : `${seconds.toLocaleString('en-US')} s`;
}

/** @param amount a decimal as text */
export function formatAmount(amount: string): string {
	const number = Number(amount);
	// A call costs fractions of a cent.
	const maximumFractionDigits = number !== 0 && Math.abs(number) < 0.1 ? 4 : 2;
	return number.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits });
}

/** E.g. `45.86 USD, 3.10 EUR`. A sum leaves out what is not billed yet. */
export function formatCosts(costs: Costs): string {
	const list = costs.list();
	if (list.length === 0) return costs.total === null ? 'not known yet' : formatAmount('0');
	const more = list.length - MAX_CURRENCIES;
	const amounts = list
		.slice(0, MAX_CURRENCIES)
		.map(({ currency, cost }) => `${formatAmount(cost)} ${chatText(currency)}`);
	return amounts.join(', ') + (more > 0 ? `, and ${more} more currencies` : '');
}

/** E.g. `Tue 24 Nov 2026`, `16 Nov 2026 – 22 Nov 2026` or `24 Nov 2026, 08:00 – 10:00`, in a timezone. */
export function formatRange(range: TimeRange, zone: string): string {
	const [from, to] = [range.fromS, range.toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone, locale: 'en' }),
	);
	const isOneDay = from.hasSame(to, 'day');
	if (isWholeDays(range, zone)) {
		return isOneDay ? from.toFormat('ccc d LLL yyyy') : `${dayText(from)} – ${dayText(to)}`;
	}
	return `${dayText(from)}, ${timeText(from)} – ${isOneDay ? '' : `${dayText(to)}, `}${timeText(to)}`;
}

function dayText(time: DateTime): string {
	return time.toFormat('d LLL yyyy');
}

function timeText(time: DateTime): string {
	return time.toFormat(time.getPossibleOffsets().length > 1 ? 'HH:mm ZZ' : 'HH:mm');
}
