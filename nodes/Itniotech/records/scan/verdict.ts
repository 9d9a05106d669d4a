/** What passes over a list have shown, as far as it decides how to go on. */
export interface ListFacts {
	/** As many records were received as the API counts, and it refused no page. */
	isComplete: boolean;
	/** The API has meanwhile left behind the beginning of the window, where the list may have gone on. */
	isOvertaken: boolean;
	/** The API refused a page although the list goes on. */
	isCutShort: boolean;
	/** The count grew during the pass: no pass ever catches up with it. */
	isGrowing: boolean;
	/** As many rows as the API counts: only calls that are listed twice, or rows that changed places, are in the way. */
	hasAllRows: boolean;
	/** Each pass received the same records. */
	isStable: boolean;
	/** It is a half of a list that was stable, so another pass would show nothing new. */
	isHalfOfStable: boolean;
	isLastPass: boolean;
	/** Two halves have other page borders than the whole, and at the latest what fits on one page is sure. */
	canHalve: boolean;
	/** More requests are in proportion to the list. */
	isAffordable: boolean;
	/** It is such a half, and its first page showed that the rest is out of proportion: both halves may hold the whole list. */
	isTooLongHalf: boolean;
	/** Not counted, and too short to be too long for the API. */
	isShort: boolean;
}

/** `cutOff`: read what the API still has. `complete` and `incomplete` are final. */
type ListVerdict = 'cutOff' | 'complete' | 'halve' | 'readAgain' | 'incomplete';

/** The first rule that applies decides. */
const RULES: Array<[ListVerdict, (list: ListFacts) => boolean]> = [
	['complete', (list) => list.isTooLongHalf],
	['cutOff', (list) => list.isOvertaken],
	['complete', (list) => list.isComplete],
	['halve', (list) => list.canHalve && (list.isCutShort || list.isGrowing)],
	['halve', (list) => list.canHalve && list.hasAllRows && list.isAffordable && isSettled(list)],
	['halve', (list) => list.canHalve && list.hasAllRows && list.isLastPass && !isSettled(list)],
	['complete', (list) => list.hasAllRows && list.isHalfOfStable && !list.isAffordable && !list.isCutShort],
	['readAgain', (list) => !list.isStable && !list.isLastPass],
	['complete', (list) => list.isCutShort && list.isShort],
	['complete', (list) => list.hasAllRows && isSettled(list) && !list.isCutShort],
	['incomplete', () => true],
];

export function verdictOnList(list: ListFacts): ListVerdict {
	return RULES.find(([, applies]) => applies(list))?.[0] ?? 'incomplete';
}

function isSettled({ isStable, isHalfOfStable }: ListFacts): boolean {
	return isStable || isHalfOfStable;
}
