import { UserError } from 'n8n-workflow';
import { isRecord } from '../../api/values';
import { FILTERS, FILTER_NAMES, LISTS } from './filters';
import { entriesOf, isEmpty, isExpression, locatorValue, readCollection } from './parameters';

const CHECK_EXPRESSION = 'Check the expression, or remove the filter';

/**
 * Filters that look as if they left out calls but have no value: an expression that finds nothing, a list of nothing, or
 * separators alone. A filter that a person left blank is not among them.
 * @param values the collection "Filters", also as JSON text
 * @param parameter the same as it is stored in the node, with its expressions
 * @returns display names
 */
export function emptyFilters(values: unknown, parameter: unknown): string[] {
	if (isEmpty(values)) return isExpression(parameter) ? ['Filters'] : [];
	const filters = readCollection(values, 'Filters', FILTER_NAMES);
	const stored = isRecord(parameter) ? parameter : undefined;
	return FILTER_NAMES.filter((name) => {
		const value = filters[name];
		if (isEmpty(value))
			return stored ? isExpression(locatorValue(stored[name])) : isExpression(parameter) && name in filters;
		return LISTS.includes(name) && entriesOf(value)?.every(isEmpty) === true;
	}).map((name) => FILTERS[name]);
}

/** @throws UserError naming a filter without a value, where it would be wrong to go on with all calls */
export function refuseEmptyFilters(values: unknown, parameter: unknown): void {
	const [name] = emptyFilters(values, parameter);
	if (name === undefined) return;
	throw new UserError(`"${name}" has no value`, {
		description: `${CHECK_EXPRESSION}. Without a value, it would leave out no calls.`,
	});
}

/** @returns `undefined` if all filters have a value */
export function emptyFiltersHint(values: unknown, parameter: unknown): string | undefined {
	return notAppliedHint(emptyFilters(values, parameter));
}

/** @returns `undefined` without names */
export function notAppliedHint(names: string[]): string | undefined {
	if (names.length === 0) return undefined;
	return `Not applied, because the filter has no value: ${names.join(', ')}. ${CHECK_EXPRESSION}.`;
}
