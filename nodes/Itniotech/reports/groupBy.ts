import type { WireRecord } from '../api/types';
import { Calendar } from '../records/calendar';
import { readChoices } from '../records/parameters';
import { outcomeOf, secondsOf, textOf } from '../records/record';
import type { TimeRange } from '../records/windows';
import { currencyOf } from './currency';

/** What the records of a group have in common. */
export interface GroupKey {
	/** `null` where a record has no such value. */
	key: string | null;
	/** Of a day or an hour. */
	range?: TimeRange;
}

export interface KeyReader {
	keyOf(record: WireRecord): GroupKey;
	/** All keys of a range of time, where they are known without records. */
	keysIn?(range: TimeRange): GroupKey[];
}

interface GroupType {
	displayName: string;
	/** @param zone timezone of days and hours */
	createReader(zone: string): KeyReader;
}

export const GROUP_TYPES = {
	day: { displayName: 'Day', createReader: periodReader('day') },
	hour: { displayName: 'Hour', createReader: periodReader('hour') },
	area: { displayName: 'Area', createReader: textReader(({ code }) => textOf(code)) },
	calledNumber: { displayName: 'Called Number', createReader: textReader(({ callee }) => textOf(callee)) },
	displayNum: {
		displayName: 'Display Number',
		createReader: textReader((record) => textOf(record.displayNum)),
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

function periodReader(unit: 'day' | 'hour'): GroupType['createReader'] {
	return (zone) => {
		const calendar = new Calendar(unit, zone);
		return {
			keyOf: ({ submitTime }) => {
				const seconds = secondsOf(submitTime);
				return seconds === null ? { key: null } : calendar.periodAt(seconds);
			},
			keysIn: (range) => calendar.periodsIn(range),
		};
	};
}
