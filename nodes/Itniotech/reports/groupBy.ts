import { UserError } from 'n8n-workflow';
import { textOf } from '../records/record';

/** What calls can be grouped by. */
export const GROUP_KEYS = [
	'day',
	'hour',
	'area',
	'callee',
	'displayNum',
	'outcome',
	'terminationCode',
	'currency',
] as const;

export type GroupKey = (typeof GROUP_KEYS)[number];

/**
 * Checks what to group by.
 * @throws UserError naming the unknown group
 */
export function readGroupBy(value: unknown): GroupKey[] {
	const keys = Array.isArray(value) ? value.map(String) : (textOf(value)?.split(/[\s,]+/) ?? []);
	const unknown = keys.find((key) => !GROUP_KEYS.some((known) => known === key));
	if (unknown !== undefined) {
		throw new UserError(`"Group By" cannot be "${unknown}"`, {
			description: `Choose from: ${GROUP_KEYS.join(', ')}`,
		});
	}
	return [...new Set(keys)] as GroupKey[];
}
