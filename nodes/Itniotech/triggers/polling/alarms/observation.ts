import type { IDataObject } from 'n8n-workflow';
import type { Observed } from './transition';
import type { Value } from './verdict';

/** The present value of one alarm. */
export interface GroupReading extends Observed {
	/** Empty where there is one alarm for all calls. */
	group: string;
	value: Value | undefined;
	/** In an item, `null` where it is not known. */
	number: number | null;
	/** `undefined` where it is not known. */
	text: string | undefined;
	/** E.g. `failed: 3 of 7 calls`. */
	details: string;
	calls: number;
}

/** The present values, and what to say about them. */
export interface Observation {
	/**
	 * The worst value first.
	 * @param groups with an alarm: they may have no calls
	 */
	readingsWith(groups: Iterable<string>): GroupReading[];
	noun: string;
	/** What follows a threshold in a text about these groups; empty for amounts in several currencies. */
	unitTextOf(readings: GroupReading[]): string;
	/** Whether the threshold may already have been crossed at the poll before. */
	mayBeEarlier(group: string): boolean;
	/** What follows the first line of a text about one alarm for all calls. */
	details: string[];
	/** What follows the text in an item about these groups. */
	fieldsOf(readings: GroupReading[]): IDataObject;
}
