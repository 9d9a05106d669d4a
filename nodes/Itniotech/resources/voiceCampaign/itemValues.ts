import { UserError, type IExecuteFunctions } from 'n8n-workflow';
import { isRecord } from '../../api/values';
import { isExpression } from '../../records/query/parameters';
import { numberText } from '../../records/output/text';
import { valueAt, writtenValue } from '../expressions';

/** An expression that is nothing but a field of the item, e.g. `={{ $json.phone }}` or `={{ $json["Phone Number"] }}`. */
const FIELD_OF_ITEM =
	/^=\{\{\s*\$json((?:\??\.[A-Za-z_]\w*|\[\d+\]|\["[^"\\\]]+"\]|\['[^'\\\]]+'\])+)\s*\}\}$/;
const KEY = /\.([A-Za-z_]\w*)|\[(\d+)\]|\["([^"]+)"\]|\['([^']+)'\]/g;
/** What n8n refuses in an expression is left to n8n. */
const REFUSED_KEYS = /^(callee|constructor|prototype|__proto__|mainModule)$/;
/** What is the same for all items. Whatever else an expression looks at may be another value for another item. */
const OF_ALL_ITEMS =
	/\$(now|today|workflow|execution|vars|env|secrets|runIndex|nodeId|nodeVersion|max|min|if|ifEmpty)\b|\$\((["'`])[^"'`\\]*\2\)\.(first|last|all)\(\)|\$input\.(first|last|all)\(\)/g;
const OF_ITEM = /\$[A-Za-z_(]/;
/** Each item has its own. */
const RANDOM = /random/i;

/**
 * The value of a parameter for each input item. n8n takes up to a millisecond for an expression, and there may be 100,000
 * items, so a plain value is read once, and a field of the item without n8n.
 */
export function itemValues(context: IExecuteFunctions, path: string): (itemIndex: number) => unknown {
	const written = writtenValue(context, path);
	if (!hasExpression(written, (text) => looksAtItem(text) || RANDOM.test(text))) {
		const value: unknown = context.getNodeParameter(path, 0, null);
		return () => value;
	}
	const keys = typeof written === 'string' ? keysOf(written) : undefined;
	if (!keys) return (itemIndex) => context.getNodeParameter(path, itemIndex, null);
	const items = context.getInputData();
	return (itemIndex) => {
		const { isPlain, value } = fieldAt(items[itemIndex].json, keys);
		return isPlain ? value : context.getNodeParameter(path, itemIndex, null);
	};
}

/** Not plain is what n8n reads as something else than a field, such as the length of a text or list. */
function fieldAt(json: unknown, keys: string[]): { isPlain: boolean; value?: unknown } {
	let value = json;
	for (const key of keys) {
		if (value === undefined || value === null) return { isPlain: true };
		const isIndex = Array.isArray(value) && /^\d+$/.test(key);
		if (!isIndex && !isRecord(value)) return { isPlain: false };
		value = valueAt(value, [key]);
	}
	return { isPlain: true, value };
}

/** @throws UserError naming a parameter of the campaign that an expression sets to several values */
export function refuseDifferentValues(
	context: IExecuteFunctions,
	itemIndexes: number[],
	parameters: Record<string, string>,
): void {
	for (const [name, displayName] of Object.entries(parameters)) {
		if (!hasExpression(withoutVariables(writtenValue(context, name)), looksAtItem)) continue;
		const valueOf = itemValues(context, name);
		const comparable = (itemIndex: number) => JSON.stringify(withoutVariables(valueOf(itemIndex)));
		const first = comparable(itemIndexes[0]);
		const other = itemIndexes.find((itemIndex) => comparable(itemIndex) !== first);
		if (other === undefined) continue;
		throw new UserError(
			`"${displayName}" is not the same for all input items: item ${numberText(other + 1)} differs`,
			{
				description:
					'All input items are one campaign. Use the same value for all of them, or "Variables" under "Options" for what differs. Nobody was called.',
			},
		);
	}
}

function withoutVariables(value: unknown): unknown {
	return isRecord(value) ? { ...value, variables: undefined } : value;
}

/** Whether what is written for a parameter is such an expression, or holds one. */
function hasExpression(written: unknown, isWanted: (expression: string) => boolean): boolean {
	if (typeof written === 'string') return isExpression(written) && isWanted(written);
	if (typeof written !== 'object' || written === null) return false;
	return Object.values(written).some((part) => hasExpression(part, isWanted));
}

function looksAtItem(expression: string): boolean {
	return OF_ITEM.test(expression.replace(OF_ALL_ITEMS, ''));
}

function keysOf(expression: string): string[] | undefined {
	const path = FIELD_OF_ITEM.exec(expression)?.[1];
	const keys =
		path && [...path.matchAll(KEY)].map((match) => match.slice(1).find((key) => key !== undefined)!);
	return keys && !keys.some((key) => REFUSED_KEYS.test(key)) ? keys : undefined;
}
