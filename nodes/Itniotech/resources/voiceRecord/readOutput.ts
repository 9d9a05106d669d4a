import { UserError } from 'n8n-workflow';
import {
	FIELD_NAMES,
	createOutput,
	readFields,
	type FieldName,
	type ToOutput,
} from '../../records/output/fields';
import { readBoolean, readChoice } from '../../records/query/parameters';
import { readZone } from '../../records/query/query';
import type { OperationRun } from '../operationRun';

const OUTPUT_NAMES = ['simplified', 'raw', 'selectedFields'] as const;

/**
 * How a record is output: the option "Fields", else "Simplify" on the canvas or "Output" for an AI agent.
 * @throws UserError naming the field and its choices
 */
export function readOutput(run: OperationRun): ToOutput {
	const { context, options } = run;
	const zone = readZone(options.timezone, context.getTimezone());
	const isSimple = readBoolean(run.parameter('simplify', true), 'Simplify');
	const ifMissing = isSimple ? 'simplified' : 'raw';
	const output = readChoice(run.parameter('output', ifMissing), 'Output', OUTPUT_NAMES);
	const isSelected = output === 'selectedFields';
	const selected = isSelected ? readFields(run.parameter('fields')) : undefined;
	if (isSelected && !selected) {
		throw new UserError('"Fields" is empty', { description: `Choose from: ${FIELD_NAMES.join(', ')}` });
	}
	const fields = readFields(options.fields) ?? selected;
	return createOutput(output === 'simplified', run.isTool ? withId(fields) : fields, zone);
}

/** An agent that is asked about a call needs its ID to look it up. */
function withId(fields: FieldName[] | undefined): FieldName[] | undefined {
	return fields && [...new Set<FieldName>(['voiceId', ...fields])];
}
