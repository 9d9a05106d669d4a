import { UserError, type IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { readBoolean, readChoice, readChoices } from '../../records/parameters';
import { FIELD_NAMES, createOutput, selectFields } from '../../records/record';
import type { OperationRun } from '../operationRun';

const OUTPUTS = ['simplified', 'raw', 'selectedFields'] as const;

/**
 * How a record is output: "Simplify" on the canvas, "Output" for an AI agent.
 * @throws UserError listing the choices
 */
export function readOutput({ context, itemIndex }: OperationRun): (record: WireRecord) => IDataObject {
	const isSimple = readBoolean(context.getNodeParameter('simplify', itemIndex, true), 'Simplify');
	const value: unknown = context.getNodeParameter('output', itemIndex, isSimple ? 'simplified' : 'raw');
	const output = readChoice(value, 'Output', OUTPUTS);
	if (output !== 'selectedFields') return createOutput(output === 'simplified');
	const names = readChoices(context.getNodeParameter('fields', itemIndex), 'Fields', FIELD_NAMES);
	if (names.length === 0) {
		throw new UserError('"Fields" is empty', { description: `Choose from: ${FIELD_NAMES.join(', ')}` });
	}
	return (record) => selectFields(record, names);
}
