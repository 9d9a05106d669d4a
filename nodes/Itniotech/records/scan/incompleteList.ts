import { OperationalError, type IDataObject } from 'n8n-workflow';
import { numberText } from '../output/text';
import { secondsOf, textOf } from '../record';

/** How a list differs from what the API counts in it. The times are Unix times in seconds, both included. */
export interface ListDifference {
	fromS: number;
	toS: number;
	/** 0 where the API does not count. */
	counted: number;
	/** Rows of the list; one without an ID is among them, although it cannot be output. */
	received: number;
	withoutId: number;
	/** Whether the list was the same each time it was read. */
	isStable: boolean;
}

export function describeDifference({ counted, received, withoutId, isStable }: ListDifference): string {
	if (counted > received) {
		return isStable
			? `ITNIO TECH counts ${numberText(counted)} call records but lists ${numberText(received)}, the same each time`
			: `ITNIO TECH counts ${numberText(counted)} call records but listed only ${numberText(received)}`;
	}
	if (withoutId > 0) return `ITNIO TECH lists call records without an ID: ${numberText(withoutId)}`;
	return `ITNIO TECH refuses to list more than ${numberText(received)} call records`;
}

const WAY_ON = 'set "Incomplete Lists" under "Options" to "Output What Was Received"';

const NO_WAY_ON =
	'Try again later, or choose another "Time Range". If it keeps happening, contact ITNIO TECH.';

/** @param hasOption whether whoever reads has the option "Incomplete Lists" */
export function incompleteList(difference: ListDifference, hasOption: boolean): OperationalError {
	const tryFirst = difference.isStable ? '' : 'run again, choose a shorter "Time Range", or ';
	const wayOn = hasOption ? `To go on, ${tryFirst}${WAY_ON}.` : NO_WAY_ON;
	return new OperationalError(describeDifference(difference), {
		description: `No records were output, because some may be missing. ${wayOn}`,
	});
}

export function recordWithoutId({ submitTime }: IDataObject, hasOption: boolean): OperationalError {
	// Text from outside can be of any length; a time cannot.
	const time = secondsOf(submitTime) === null ? null : textOf(submitTime);
	return new OperationalError(
		`ITNIO TECH listed a call record without an ID${time === null ? '' : `, submitted at ${time}`}`,
		{
			description: `No records were output. ${hasOption ? `To leave out such records, ${WAY_ON}.` : NO_WAY_ON}`,
		},
	);
}
