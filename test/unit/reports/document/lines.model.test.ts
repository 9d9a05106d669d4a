import fc from 'fast-check';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { call, reportOf } from './support';

/** Amounts in tenths, as a plain sum of them is exact. */
const drawn = fc.record({
	hour: fc.option(fc.nat({ max: 23 }), { nil: null }),
	outcome: fc.constantFrom('answered', 'answered', 'failed', 'failed', 'pending', 'voicemail'),
	tenths: fc.constantFrom(0, 1, 70, -5, null, 'unreadable' as const),
	currency: fc.constantFrom('USD', 'EUR', 'GBP', 'CREDITS'),
	area: fc.constantFrom('Kenya(Safaricom)', 'Kenya(Airtel)', '日本(東京)', 'A & B <c>', null),
	callee: fc.constantFrom('15550101', '15550102', '15550103', 'sip:a_b@192.0.2.1', null),
	code: fc.constantFrom('486', '503', '487', '999'),
	reason: fc.constantFrom('', 'Busy_Here', '*x*'),
	callDuration: fc.constantFrom(3, 40, null),
	key: fc.constantFrom('1', '-1', null),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function recordOf({ hour, outcome, tenths, currency, area, callee, code, reason, callDuration, key }: Drawn): WireRecord {
	return {
		...call({}, (hour ?? 0) * 3600),
		...(hour === null && { submitTime: 'soon' }),
		terminationCode: { answered: '200', voicemail: '200', failed: code, pending: null }[outcome],
		terminationReason: outcome === 'failed' ? reason : null,
		callStatus: outcome === 'voicemail' ? 40 : null,
		cost: typeof tenths === 'number' ? String(tenths / 10) : tenths === null ? '' : '1,5',
		...{ currency, code: area, callee, callDuration, feedbackValue: key },
	};
} // prettier-ignore

const isEnded = ({ outcome }: Drawn) => outcome !== 'pending';
const isFailed = ({ outcome }: Drawn) => outcome === 'failed';
const isAnswered = ({ outcome }: Drawn) => outcome === 'answered';
const isTaken = ({ outcome }: Drawn) => outcome === 'answered' || outcome === 'voicemail';
const isUnbilled = (one: Drawn) => isTaken(one) && one.tenths === null;
const isUnreadable = ({ tenths }: Drawn) => tenths === 'unreadable';

/** The cost of a call that has not ended is not known either. */
const isUnknown = (one: Drawn) => isUnreadable(one) || (one.tenths === null && !isFailed(one));

function counts<T>(list: T[], nameOf: (one: T) => string | null): Array<[string, T[]]> {
	const names = [...new Set(list.map(nameOf))];
	const groups = names.map((name): [string | null, T[]] => [
		name,
		list.filter((one) => nameOf(one) === name),
	]);
	return groups
		.sort(([a, x], [b, y]) => y.length - x.length || ((a ?? '') < (b ?? '') ? -1 : 1))
		.map(([name, group]) => [name ?? 'unknown', group]);
}
const plainText = (text: string) =>
	text.replace(/[_*]/g, ' ').replace(/</g, '‹').replace(/>/g, '›').replace(/ +/g, ' ').trim();

/** Tenths of a percent, halves up, and 100% and 0% only of all and none: at most 40 calls need no more digits. */
function share(part: number, whole: number): string {
	if (whole === 0) return '–';
	if (part === 0 || part === whole) return part === 0 ? '0%' : '100%';
	return `${(Math.floor((2000 * part + whole) / (2 * whole)) / 10).toFixed(1)}%`;
}

function moneyOf(list: Drawn[], isPart: boolean): string {
	const sums = ['CREDITS', 'EUR', 'GBP', 'USD'].flatMap((currency) => {
		const own = list.filter((one) => one.currency === currency && typeof one.tenths === 'number');
		const tenths = own.reduce((sum, one) => sum + Number(one.tenths), 0);
		return own.length === 0 ? [] : [{ currency, tenths }];
	});
	const paid = sums.filter(({ tenths }) => tenths !== 0);
	if (paid.length === 0 && isPart) return 'not known yet';
	if (paid.length === 0) return ['0.00', ...sums.slice(0, 1).map(({ currency }) => currency)].join(' ');
	const isLarger = (a: (typeof paid)[number], b: (typeof paid)[number]) =>
		a.tenths > b.tenths || (a.tenths === b.tenths && a.currency < b.currency);
	const amounts = paid
		.filter((one) => paid.filter((other) => isLarger(other, one)).length < 2)
		.map(({ currency, tenths }) => `${(tenths / 10).toFixed(2)} ${currency}`);
	if (paid.length > 2) amounts.push(paid.length === 3 ? '+1 currency' : `+${paid.length - 2} currencies`);
	return amounts.join(', ') + (isPart ? ' so far' : '');
}

test('each line of the text says what a plain count of the records does', () => {
	const input = {
		list: fc.array(drawn, { minLength: 1, maxLength: 40 }),
		topN: fc.integer({ min: 1, max: 7 }),
		hasGaps: fc.boolean(),
		isFiltered: fc.boolean(),
	};
	fc.assert(
		fc.property(fc.record(input), ({ list, topN, hasGaps, isFiltered }) => {
			const { text, subject } = reportOf(list.map(recordOf), { layout: { topN, hasGaps, isFiltered } });
			const lines = text.split('\n');
			const lineOf = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
			const [ended, failed, answered] = [isEnded, isFailed, isAnswered].map((is) => list.filter(is));
			const [unbilled, unreadable, untimed] = [isUnbilled, isUnreadable, ({ hour }: Drawn) => hour === null].map((is) => list.filter(is).length);
			const noun = (count: number, one: string, many: string) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]);
			const unknown = answered.filter(({ callDuration }) => callDuration === null).length;
			expect(lines.slice(3, lines.findIndex((line) => line.startsWith('Calls: ')))).toEqual([
				...(isFiltered ? ['Only calls that match the filters are counted.'] : []),
				...(hasGaps ? ["Calls of this time may be missing from the list of ITNIO TECH."] : []),
				...(ended.length > 0 ? noun(list.length - ended.length, 'call has not ended yet.', 'calls have not ended yet.') : []),
				...(list.some(({ outcome }) => outcome === 'voicemail') ? ['Calls to voicemail count as neither answered nor failed.'] : []),
				...noun(unbilled, 'call is not billed yet and not in the cost.', 'calls are not billed yet and not in the cost.'),
				...noun(unreadable, 'call', 'calls').map((calls) => `The cost of ${calls} cannot be read and is not in the sum.`),
				...noun(unknown, 'answered call', 'answered calls').map((calls) => `The duration of ${calls} is not known and not in any figure.`),
				...noun(untimed, 'call without a readable time is not in any chart.', 'calls without a readable time are not in any chart.'),
			]);
			expect(lineOf('Calls')).toBe(`${list.length}`);
			expect(lineOf('Failed')).toBe(`${failed.length}`);
			expect(lineOf('Answered')).toBe(share(answered.length, answered.length + failed.length));
			const money = moneyOf(list, list.some(isUnknown) || hasGaps);
			expect(lineOf('Cost')).toBe(money);
			if (ended.length > 0) expect(subject.endsWith(`, ${/\d/.test(money) ? '' : 'cost '}${money}`)).toBe(true);

			const listed = <T>(entries: T[], toText: (entry: T) => string) => {
				const texts = entries.slice(0, Math.min(topN, 5)).map(toText);
				const more = entries.length - texts.length;
				return entries.length === 0 ? undefined : texts.join(', ') + (more > 0 ? `, and ${more} more` : '');
			};
			const answeredIn = (own: Drawn[]) => {
				const [part, whole] = [own.filter(isAnswered).length, own.filter((one) => isAnswered(one) || isFailed(one)).length];
				return whole > 0 ? ` (${share(part, whole)} answered)` : '';
			};
			const countryIn = ({ area }: Drawn) => area && area.replace(/\(.*/, '');
			expect(lineOf('Countries')).toBe(
				listed(counts(list, countryIn), ([name, own]) => `${plainText(name)}: ${own.length}${answeredIn(own)}`),
			);
			const areasAreCountries = list.every((one) => one.area === countryIn(one));
			expect(lineOf('Areas with the most failed calls')).toBe(
				areasAreCountries ? undefined : listed(counts(failed, ({ area }) => area), ([name, own]) => `${plainText(name)}: ${own.length} of ${list.filter(({ area }) => (area ?? 'unknown') === name).length}`),
			);
			const words: Record<string, string> = { '486': ' line busy', '503': ' network overloaded or down', '487': ' not picked up in time', '999': '' };
			expect(lineOf('Why calls failed')).toBe(
				listed(counts(failed, ({ code, reason }) => `${code} ${reason}`), ([, own]) => `${plainText(own[0].code + (own[0].reason ? ` ${own[0].reason}` : words[own[0].code]))}: ${own.length}`),
			);
			const numberOf = ({ callee }: Drawn) => callee;
			const twice = counts(failed.filter(numberOf), numberOf).filter(([, own]) => own.length > 1);
			expect(lineOf('Numbers with the most failed calls')).toBe(listed(twice, ([name, own]) => `${plainText(name)}: ${own.length}`));

			const byHour = Array.from({ length: 24 }, (_, hour) => list.filter((one) => one.hour === hour).length);
			const most = Math.max(...byHour);
			const peak = byHour.filter((count) => count === most).length > 1 ? 'at most' : `most at ${String(byHour.indexOf(most)).padStart(2, '0')}:00`;
			const trend = lineOf('Calls by hour, 00:00 to 23:00');
			if (most === 0) expect(trend).toBeUndefined();
			else if (peak === 'at most') expect(trend).toMatch(new RegExp(` at most ${most} calls?$`));
			else expect(trend).toMatch(new RegExp(` ${peak} \\(${most} calls?\\)$`));

			const reached = new Set(answered.map(numberOf).filter(Boolean)).size;
			const unique = new Set(list.map(numberOf).filter(Boolean)).size;
			const short = answered.filter(({ callDuration }) => callDuration === 3).length;
			const keys = list.filter(({ key }) => key === '1').length;
			const figures = lines.find((line) => / · |^(Average|Network)|(numbers?, .*answered|a key|or less)$/.test(line)) ?? '';
			expect(/(\d+) answered for 6 s or less/.exec(figures)?.[1]).toBe(short > 0 ? `${short}` : undefined);
			expect(/(\d+) pressed a key/.exec(figures)?.[1]).toBe(keys > 0 ? `${keys}` : undefined);
			expect(/(\d+ numbers?), (.*?)answered/.exec(figures)?.slice(1)).toEqual(unique > 0 ? [...noun(unique, 'number', 'numbers'), unique > 1 ? `${reached} of them ` : reached > 0 ? '' : 'not '] : undefined);
		}),
		{ numRuns: 300 },
	);
}); // prettier-ignore
