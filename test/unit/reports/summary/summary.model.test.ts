import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { GROUP_NAMES, type GroupName } from '../../../../nodes/Itniotech/reports/summary/groupBy';
import { Summary } from '../../../../nodes/Itniotech/reports/summary/summary';
import { atOnce } from '../../../support/atOnce';

const FROM_S = Date.parse('2026-10-24T12:00:00Z') / 1000;
const RANGE = { fromS: FROM_S, toS: FROM_S + 3 * 86_400 };

const nothing = fc.constantFrom<Array<null | undefined | string>>(null, undefined, '');
const sometimes = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: value }, nothing);
const micros = fc.integer({ min: -1_000_000, max: 10_000_000 });

/** Often within a minute of one another. */
const timeAround = fc
	.integer({ min: 0, max: 200 })
	.map((s) => `${new Date((FROM_S + s) * 1000).toISOString().slice(0, 19)}Z`);

const record: fc.Arbitrary<WireRecord> = fc.record({
	voiceId: fc.uuid(),
	callee: sometimes(fc.constantFrom('1', '2', '3', '4')),
	displayNum: sometimes(fc.constantFrom('10', '20')),
	code: sometimes(fc.constantFrom('India(Delhi)', 'Ünland', 'b')),
	submitTime: sometimes(
		fc
			.integer({ min: RANGE.fromS, max: RANGE.toS })
			.map((second) => `${new Date(second * 1000 + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`),
	),
	terminationCode: sometimes(fc.constantFrom('200', '0', 200, '404', '480', '486', '487', '503', '603')),
	terminationReason: sometimes(fc.constantFrom('x', 'y')),
	callDuration: sometimes(fc.oneof(fc.nat({ max: 200 }), fc.constantFrom('00:01:05', -5, 86_401))),
	chargedDuration: sometimes(fc.oneof(fc.nat({ max: 200 }).map(String), fc.constantFrom('-5', '1e9'))),
	cost: sometimes(fc.oneof(micros.map(decimal), fc.constantFrom('free', '1,5'))),
	currency: sometimes(fc.constantFrom('EUR', 'USD', 'usd', 'US$', 'points')),
	callStatus: fc.constantFrom(undefined, undefined, 50, 40),
	feedbackValue: sometimes(fc.constantFrom('1', '-1', 2)),
	callTime: sometimes(timeAround),
	ringingTime: sometimes(fc.oneof(timeAround, fc.constant('1970-01-01T08:00:00+08:00'))),
	hangupTime: sometimes(timeAround),
});

function decimal(units: number): string {
	const digits = String(Math.abs(units)).padStart(7, '0');
	return `${units < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

const textOf = (value: unknown) =>
	value === null || value === undefined || value === '' ? null : `${value}`;
/** What the codes above mean, where the service sends no words. */
const WORDS: Record<string, string> = {
	'404': 'number does not exist',
	'480': 'not available, phone off or out of reach',
	'486': 'line busy',
	'487': 'not picked up in time',
	'503': 'network overloaded or down',
	'603': 'call declined',
};

function outcomeOf({ terminationCode, hangupTime, callDuration, callStatus }: WireRecord) {
	if (callStatus === 40) return 'voicemail';
	if (textOf(terminationCode) !== null) return /^(0|200)$/.test(`${terminationCode}`) ? 'answered' : 'failed';
	if (textOf(hangupTime) === null) return 'pending';
	return Number(callDuration) > 0 ? 'answered' : 'failed';
}

const TIME_FORMATS = {
	day: 'yyyy-MM-dd',
	week: "kkkk-'W'WW",
	month: 'yyyy-MM',
	hour: "yyyy-MM-dd'T'HH:00ZZ",
	weekday: 'cccc',
	hourOfDay: 'HH',
};

function keyOf(one: WireRecord, key: GroupName, zone: string): string | null {
	if (key === 'outcome') return outcomeOf(one);
	if (key === 'area') return textOf(one.code);
	if (key === 'country') return textOf(one.code)?.split('(')[0] ?? null;
	if (key === 'calledNumber') return textOf(one.callee);
	if (key === 'currency') return currencyOf(one);
	if (!(key in TIME_FORMATS)) return textOf(one[key]);
	const time = DateTime.fromISO(textOf(one.submitTime) ?? '', { zone });
	if (!time.isValid) return null;
	return time.toFormat(TIME_FORMATS[key as keyof typeof TIME_FORMATS]);
}

const currencyOf = ({ currency }: WireRecord) =>
	textOf(currency) === null ? 'USD' : `${currency}`.toUpperCase().replace('US$', 'USD');
const isEmpty = (value: unknown) => textOf(value) === null;
const isDuration = (value: unknown) => !isEmpty(value) && Number(value) >= 0 && Number(value) <= 86_400;
const isUnbilled = (one: WireRecord) =>
	isEmpty(one.cost) &&
	(/answered|voicemail/.test(outcomeOf(one)) ||
		(isDuration(one.chargedDuration) && Number(one.chargedDuration) > 0));

/** How many records have each kind of gap. */
const gapsOf = (records: WireRecord[]) =>
	[
		records.filter(isUnbilled).length,
		records.filter(({ cost }) => /free|,/.test(`${cost}`)).length,
		records
			.flatMap((one) => [one.callDuration, one.chargedDuration])
			.filter((value) => !isEmpty(value) && !isDuration(value)).length +
			records.filter((one) => outcomeOf(one) === 'answered' && isEmpty(one.callDuration)).length,
		records.filter((one) => currencyOf(one) === 'POINTS').length,
	].filter((count) => count > 0);

/** The figures of a group, with its records kept and each figure counted for itself. */
function figuresOf(records: WireRecord[]) {
	const count = (outcome: string) => records.filter((one) => outcomeOf(one) === outcome).length;
	const sum = (field: string, of = records) =>
		of
			.map((one) => one[field])
			.filter(isDuration)
			.reduce((total: number, value) => total + Number(value), 0);
	const [answered, failed] = [count('answered'), count('failed')];
	const timed = records.filter((one) => outcomeOf(one) === 'answered' && isDuration(one.callDuration));
	const priced = records.filter(({ cost }) => textOf(cost) !== null);
	const readable = priced.filter(({ cost }) => !['free', '1,5'].includes(`${cost}`));
	const costs = ['EUR', 'POINTS', 'USD'].flatMap((currency) => {
		const units = readable
			.filter((one) => currencyOf(one) === currency)
			.map(({ cost }) => BigInt(`${cost}`.replace('.', '')));
		const total = Number(units.reduce((a, b) => a + b, 0n));
		return units.length === 0 ? [] : [{ currency, cost: decimal(total).replace(/\.?0+$/, '') }];
	});
	const charged = costs.filter(({ cost }) => Number(cost) !== 0);
	const listed = charged.length > 0 ? charged : costs;
	const singleCost = () => {
		if (records.some(isUnbilled) || readable.length < priced.length || charged.length > 1) return null;
		// What a call that has not ended costs may be all there is.
		const hasOpen = records.some((one) => outcomeOf(one) === 'pending' && isEmpty(one.cost));
		return charged.length === 0 && hasOpen ? null : Number(charged[0]?.cost ?? 0);
	};
	const reasons = records
		.filter((one) => outcomeOf(one) === 'failed')
		.map((one) => `${textOf(one.terminationCode) ?? ''} ${textOf(one.terminationReason) ?? ''}`);
	const failures = [...new Set(reasons)]
		.map((reason) => ({ reason, calls: reasons.filter((one) => one === reason).length }))
		.sort((a, b) => b.calls - a.calls || (a.reason < b.reason ? -1 : 1))
		.map(({ reason, calls }) => {
			const code = reason.endsWith(' ') ? reason.trim() : '';
			return `${[reason.trim(), WORDS[code]].filter(Boolean).join(' ') || 'unknown'}: ${calls}`;
		});
	const more = failures.length > 3 ? `, and ${failures.length - 3} more` : '';
	const secondsOf = (time: unknown) => Date.parse(`${time}`) / 1000;
	const delays = records
		.map(({ callTime, ringingTime }) => secondsOf(ringingTime) - secondsOf(callTime))
		.filter((s) => s >= 0 && s <= 120)
		.sort((a, b) => a - b);
	const isRinging = ({ ringingTime }: WireRecord) => /^20/.test(`${ringingTime}`);
	const reached = records.filter(
		(one) =>
			/answered|voicemail/.test(outcomeOf(one)) ||
			(outcomeOf(one) === 'failed' &&
				(isRinging(one) || ['480', '486', '600', '603'].includes(`${one.terminationCode}`))),
	);
	const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
	const numbersOf = (of: WireRecord[]) =>
		new Set(of.map(({ callee }) => textOf(callee)).filter((one) => one !== null)).size;
	/** A half is rounded away from zero, also of a refund. */
	const priceOf = (amount: number, seconds: number) => {
		const price = (60 * amount) / seconds;
		if (Math.abs(price) < 0.001) return Number(price.toPrecision(3));
		return (Math.sign(amount) * Math.round((Math.abs(60 * amount) * 1e6) / seconds)) / 1e6;
	};
	const total = sum('callDuration');
	const cost = singleCost();
	return {
		calls: records.length,
		answered,
		failed,
		pending: count('pending'),
		voicemails: count('voicemail'),
		asr: answered + failed > 0 ? round(answered / (answered + failed), 4) : null,
		ner:
			records.length > count('pending')
				? round(reached.length / (records.length - count('pending')), 4)
				: null,
		acd: timed.length > 0 ? round(sum('callDuration', timed) / timed.length, 1) : null,
		pdd:
			delays.length > 0
				? (delays[Math.floor((delays.length - 1) / 2)] + delays[Math.floor(delays.length / 2)]) / 2
				: null,
		shortCalls: timed.filter(({ callDuration }) => Number(callDuration) <= 6).length,
		keyPresses: records.filter(({ feedbackValue }) => /^[^-]/.test(textOf(feedbackValue) ?? '')).length,
		totalDuration: total,
		chargedDuration: sum('chargedDuration'),
		uniqueNumbers: numbersOf(records),
		reachedNumbers: numbersOf(records.filter((one) => outcomeOf(one) === 'answered')),
		cost,
		currency: listed.length === 1 ? listed[0].currency : null,
		costPerMinute: cost !== null && total > 0 && timed.length === answered ? priceOf(cost, total) : null,
		topFailures: failures.slice(0, 3).join(', ') + more,
		costs: listed,
	};
}

const input = {
	records: fc.array(record, { maxLength: 60 }),
	groupBy: fc.uniqueArray(fc.constantFrom(...GROUP_NAMES), { maxLength: 3 }),
	zone: fc.constantFrom('Asia/Singapore', 'Europe/Berlin', 'America/New_York'),
};

function summarize(groupBy: GroupName[], zone: string, records: WireRecord[]) {
	const options = {
		groupBy,
		sortBy: 'keys',
		maxGroups: 0,
		shortCallSeconds: 6,
		includeDetails: true,
	} as const;
	const summary = new Summary(options, RANGE, zone);
	for (const one of records) summary.add(one);
	return { rows: atOnce(summary.rows()), hints: summary.hints() };
}

test('every figure of every group equals the one computed from all records at once', () => {
	fc.assert(
		fc.property(fc.record(input), ({ records, groupBy, zone }) => {
			const { rows, hints } = summarize(groupBy, zone, records);
			const idOf = (one: WireRecord) => JSON.stringify(groupBy.map((key) => keyOf(one, key, zone)));
			const ids = records.map(idOf);
			for (const row of rows) {
				const id = JSON.stringify(groupBy.map((key) => row[key]));
				const { from, to, details, ...figures } = row;
				const { costs, peakCalls } = details as IDataObject;
				const keys = Object.fromEntries(groupBy.map((key) => [key, row[key]]));
				const own = records.filter((_, at) => ids[at] === id);
				expect({ ...figures, costs }).toEqual({ ...figuresOf(own), ...keys });
				expect(peakCalls).toBe(peakOf(own));
				expect(Date.parse(`${from}`)).toBeLessThanOrEqual(Date.parse(`${to}`));
			}
			const shown = rows.map((row) => JSON.stringify(groupBy.map((key) => row[key])));
			expect(new Set(shown).size).toBe(rows.length);
			expect(shown).toEqual(expect.arrayContaining([...new Set(ids)]));
			const isCalendar = groupBy.length === 1 && groupBy[0] in TIME_FORMATS;
			if (!isCalendar) expect(rows.length).toBe(Math.max(1, new Set(ids).size));
			const counts = hints
				.filter((hint) => !hint.includes('submitTime'))
				.map((hint) => Number(/: (\d+)\./.exec(hint)?.[1]));
			expect(counts).toEqual(gapsOf(records));
			const untimed = records.filter((one) => keyOf(one, 'day', zone) === null).length;
			const isByTime = groupBy.some((key) => key in TIME_FORMATS);
			const timeHints = hints.filter((hint) =>
				hint.includes(`"submitTime" is not a time with an offset: ${untimed}.`),
			);
			expect(timeHints).toHaveLength(isByTime && untimed > 0 ? 1 : 0);
		}),
		{ numRuns: 300 },
	);
});

test('the order of the records makes no difference', () => {
	fc.assert(
		fc.property(fc.record(input), ({ records, groupBy, zone }) => {
			const turned = summarize(groupBy, zone, [...records].reverse());
			expect(turned).toEqual(summarize(groupBy, zone, records));
		}),
	);
});

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** By trying each second in which a call begins. */
function peakOf(records: WireRecord[]): number | null {
	const spans = records
		.map(({ callTime, hangupTime }) => [callTime, hangupTime].map((time) => Date.parse(`${time}`)))
		.filter(([from, to]) => to >= from);
	const at = (ms: number) =>
		spans.filter(([from, to]) => from <= ms && ms < Math.max(to, from + 1000)).length;
	if (records.length > 0 && spans.length === 0) return null;
	return Math.max(0, ...spans.map(([from]) => at(from)));
}

test('rows are in the order of their first key, then of their second', () => {
	const value = (row: IDataObject, key: GroupName): string | number => {
		if (key === 'weekday') return WEEKDAYS.indexOf(`${row[key]}`);
		if (row[key] === null) return key === 'hour' ? 0 : '';
		return key === 'hour' ? Date.parse(`${row[key]}`) : `${row[key]}`;
	};
	fc.assert(
		fc.property(fc.record(input), ({ records, groupBy, zone }) => {
			const { rows } = summarize(groupBy, zone, records);
			const sorted = [...rows].sort((a, b) => {
				const key = groupBy.find((one) => a[one] !== b[one]);
				return key === undefined ? 0 : value(a, key) < value(b, key) ? -1 : 1;
			});
			expect(rows).toEqual(sorted);
		}),
	);
});
