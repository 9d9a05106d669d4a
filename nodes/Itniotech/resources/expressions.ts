import { UserError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { isRecord } from '../api/values';
import { isEmpty, isExpression } from '../records/query/parameters';
import type { OperationRun } from './operationRun';

/** What is written for a parameter, with its expressions. */
export function writtenValue(context: IExecuteFunctions, path: string): unknown {
	return valueAt(context.getNode().parameters, path.split('.'));
}

export function valueAt(value: unknown, keys: string[]): unknown {
	return keys.reduce<unknown>((part, key) => {
		if (Array.isArray(part)) return part[Number(key)] as unknown;
		return isRecord(part) && Object.hasOwn(part, key) ? part[key] : undefined;
	}, value);
}

/** A parameter by its path, and the value that it has for an item. */
export interface ReadValue {
	path: string;
	value: unknown;
	displayName: string;
}

export function isSetByExpression({ context }: OperationRun, path: string): boolean {
	return isExpression(writtenValue(context, path));
}

/** An option that is set by an expression is meant to have a value, and its default would ring the phone otherwise. */
export function refuseEmptyExpressions(run: OperationRun, fields: INodeProperties[]): void {
	const written = writtenValue(run.context, 'options');
	for (const name of Object.keys(isRecord(written) ? written : {})) {
		const displayName = fields.find((field) => field.name === name)?.displayName ?? name;
		refuseEmptyExpression(
			run,
			{ path: `options.${name}`, value: run.options[name], displayName },
			'Check the expression, or remove the option. Nobody was called.',
		);
	}
}

/** @throws UserError naming a parameter whose expression gave no value */
export function refuseEmptyExpression(
	run: OperationRun,
	{ path, value, displayName }: ReadValue,
	description: string,
): void {
	if (run.isTool || !isSetByExpression(run, path) || !isEmpty(value)) return;
	throw new UserError(`"${displayName}" is empty: its expression gave no value`, { description });
}
