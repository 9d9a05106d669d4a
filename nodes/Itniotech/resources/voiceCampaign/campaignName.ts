import { UserError } from 'n8n-workflow';
import { quantityText } from '../../records/output/text';
import { foldText, isEmpty } from '../../records/query/parameters';
import type { OperationRun } from '../operationRun';
import { readId } from '../placing/readMessage';
import { executionHash } from '../placing/reference';

const MIN_CAMPAIGN_NAME_LENGTH = 2;
/** Source: the vendor's page on group call tasks. */
const MAX_CAMPAIGN_NAME_LENGTH = 64;
const MAX_WORDS_LENGTH = 24;
/** What the node has added to the title of an earlier campaign, which may be called again. */
const OWN_ENDING = / n8n-\w+-[0-9a-f]{8}( \(\d+\/\d+\))?$/;
/** Two names that differ in these look the same. Without the joiners, which emojis and some scripts need. */
const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const NAME_EXAMPLE = 'Enter a name that no other campaign of the account has, or leave it empty';

/** @throws UserError naming the field; `undefined` for none */
export function readCampaignName(value: unknown): string | undefined {
	if (isEmpty(value)) return undefined;
	const name = readId(value, 'Campaign Name', NAME_EXAMPLE)
		.normalize('NFC')
		.replace(INVISIBLE, '')
		.replace(/[\p{Cc}\s]+/gu, ' ')
		.trim();
	return checkNameLength(name);
}

/**
 * E.g. `Spring sale n8n-1042-9f3a77c1`. The same when n8n repeats a run of this execution, so that no campaign is created
 * twice.
 * @param part tells several campaigns of a run apart
 */
export function ownCampaignName(run: OperationRun, title: string, part: string): string {
	const words = title
		.replace(OWN_ENDING, '')
		.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
		.trim();
	const short = [...words].slice(0, MAX_WORDS_LENGTH).join('').trim();
	return `${short} n8n-${run.context.getExecutionId()}-${executionHash(run, part)}`.trim();
}

/** More numbers than a request takes are several campaigns: `name (1/3)` … */
export function namesOfParts(name: string, parts: number): string[] {
	if (parts === 1) return [name];
	return Array.from({ length: parts }, (_, index) => checkNameLength(`${name} (${index + 1}/${parts})`));
}

/** Into how many campaigns a name and its numbers were divided, if it is that of one of the campaigns of `whole`. */
export function countOfParts(name: string, whole: string): number | undefined {
	const [folded, foldedWhole] = [name, whole].map(foldCase);
	if (folded === foldedWhole) return 1;
	const parts = folded.startsWith(foldedWhole) && / \(\d+\/(\d+)\)$/.exec(folded);
	return parts && parts.index === foldedWhole.length ? Number(parts[1]) : undefined;
}

/** Nobody says whether the service takes names that differ in case alone for one. */
export function isSameName(name: string, other: string): boolean {
	return foldCase(name) === foldCase(other);
}

/** `STRASSE` is `Straße` in capitals, and the small letter of a Turkish `İ` is an `i`. */
function foldCase(name: string): string {
	return foldText(name.toUpperCase()).replace(/i\u0307/g, 'i');
}

function checkNameLength(name: string): string {
	const { length } = [...name];
	if (length >= MIN_CAMPAIGN_NAME_LENGTH && length <= MAX_CAMPAIGN_NAME_LENGTH) return name;
	throw new UserError(`"Campaign Name" has ${quantityText(length, 'character')}: ${name}`, {
		description: `ITNIO TECH takes ${MIN_CAMPAIGN_NAME_LENGTH} to ${MAX_CAMPAIGN_NAME_LENGTH}. Nobody was called.`,
	});
}
