import type { WireRecord } from '../../api/types';
import { DateTime } from 'luxon';
import { Calendar, type DayUnit, type TimeRange } from '../../records/calendar';
import { readChoices } from '../../records/query/parameters';
import { calledNumberIn, phoneNumberOf } from '../../records/phoneNumber';
import { countryOf, outcomeOf, secondsOf, textOf } from '../../records/record';
import type { TimeShift } from './earlierRange';
import { currencyOf } from '../figures/currency';

/** What the records of a group have in common. */
export interface GroupKey {
	/** `null` where a record has no such value. */
	key: string | null;
	/** What a day, week, month or hour spans. */
	range?: TimeRange;
	/** The place of a weekday or an hour of the day, which do not sort by their text. */
	order?: number;
}

export interface KeyReader {
	keyOf(record: WireRecord): GroupKey;
	/** All keys of a range of time, where they are known without records. */
	keysIn?(range: TimeRange): GroupKey[];
}

interface GroupType {
	displayName: string;
	/**
	 * @param zone timezone of days and hours
	 * @param toLater for calls of an earlier range: the time whose day or hour they are compared with
	 */
	createReader(zone: string, toLater?: TimeShift): KeyReader;
}

export const GROUP_TYPES = {
	day: { displayName: 'Day', createReader: periodReader('day') },
	week: { displayName: 'Week', createReader: periodReader('week') },
	month: { displayName: 'Month', createReader: periodReader('month') },
	hour: { displayName: 'Hour', createReader: periodReader('hour') },
	weekday: { displayName: 'Weekday', createReader: clockReader('day', weekdayOf) },
	hourOfDay: { displayName: 'Hour of Day', createReader: clockReader('hour', hourOfDay) },
	country: { displayName: 'Country', createReader: textReader(({ code }) => countryOf(code)) },
	area: { displayName: 'Area', createReader: textReader(({ code }) => textOf(code)) },
	calledNumber: { displayName: 'Called Number', createReader: textReader(calledNumberIn) },
	displayNum: {
		displayName: 'Display Number',
		createReader: textReader((record) => phoneNumberOf(record.displayNum)),
	},
	outcome: { displayName: 'Outcome', createReader: textReader(outcomeOf) },
	terminationCode: {
		displayName: 'Termination Code',
		createReader: textReader((record) => textOf(record.terminationCode)),
	},
	currency: { displayName: 'Currency', createReader: textReader(currencyOf) },
} satisfies Record<string, GroupType>;

export type GroupName = keyof typeof GROUP_TYPES;

export const GROUP_NAMES = Object.keys(GROUP_TYPES) as GroupName[];

/** @throws UserError listing the choices */
export function readGroupBy(value: unknown): GroupName[] {
	return readChoices(value, 'Group By', GROUP_NAMES);
}

function textReader(read: (record: WireRecord) => string | null): GroupType['createReader'] {
	return () => ({ keyOf: (record) => ({ key: read(record) }) });
}

function periodReader(unit: DayUnit | 'hour') {
	return (zone: string, toLater: TimeShift = (seconds) => seconds): Required<KeyReader> => {
		const calendar = new Calendar(unit, zone);
		return {
			keyOf: ({ submitTime }) => {
				const seconds = secondsOf(submitTime);
				return seconds === null ? { key: null } : calendar.periodAt(toLater(seconds));
			},
			keysIn: (range) => calendar.periodsIn(range),
		};
	};
}

/** What recurs: a weekday, or an hour of the day. */
function clockReader(unit: 'day' | 'hour', read: (key: string) => GroupKey): GroupType['createReader'] {
	return (zone) => {
		const { keyOf, keysIn } = periodReader(unit)(zone);
		const keys = new Map<string, GroupKey>();
		const recurring = (period: GroupKey): GroupKey => {
			if (period.key === null) return period;
			let key = keys.get(period.key);
			if (!key) {
				key = read(period.key);
				keys.set(period.key, key);
			}
			return key;
		};
		return {
			keyOf: (record) => recurring(keyOf(record)),
			keysIn: (range) => keysIn(range).map(recurring),
		};
	};
}

function weekdayOf(key: string): GroupKey {
	const day = DateTime.fromISO(key, { zone: 'utc', locale: 'en' });
	return { key: day.toFormat('cccc'), order: day.weekday };
}

/** Local time, e.g. `08`; an hour that occurs twice on a day counts in the same one. */
function hourOfDay(key: string): GroupKey {
	const hour = key.slice(11, 13);
	return { key: hour, order: Number(hour) };
}
