import { UserError } from 'n8n-workflow';
import { notValid, readText } from '../records/query/parameters';

/** Any other text is one segment of the path once it is encoded; these would lead to another one. */
const DOT_SEGMENT = /^\.{1,2}$/;

/**
 * An ID that becomes part of the path of a request.
 * @throws UserError naming the field, with the description
 */
export function readPathId(value: unknown, displayName: string, description: string): string {
	const id = readText(value, displayName, description);
	if (DOT_SEGMENT.test(id)) throw new UserError(notValid(displayName, 'ID', id), { description });
	return id;
}
