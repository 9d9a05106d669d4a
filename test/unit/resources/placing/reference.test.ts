import type { IExecuteFunctions } from 'n8n-workflow';

import type { OperationRun } from '../../../../nodes/Itniotech/resources/operationRun';
import { executionHash, referenceOf } from '../../../../nodes/Itniotech/resources/placing/reference';

const USUAL = { instance: 'first', workflow: 'w', node: 'n', execution: '1042', loop: 0 };

function runOf(differing: Partial<typeof USUAL> = {}): OperationRun {
	const { instance, workflow, node, execution, loop } = { ...USUAL, ...differing };
	const context: Partial<IExecuteFunctions> = {
		getInstanceId: () => instance,
		getWorkflow: () => ({ id: workflow, active: true }),
		getNode: () => ({ id: node }) as ReturnType<IExecuteFunctions['getNode']>,
		getExecutionId: () => execution,
		getWorkflowDataProxy: () => ({ $runIndex: loop }) as never,
	};
	return { context: context as IExecuteFunctions, itemIndex: 0 } as OperationRun;
}

describe('the reference and the name that the node makes', () => {
	it('are the same when n8n repeats a run', () => {
		expect(referenceOf(runOf())).toBe(referenceOf(runOf()));
		expect(referenceOf(runOf())).toMatch(/^n8n-1042-1-[0-9a-f]{8}$/);
	});

	it.each([
		{ instance: 'second' },
		{ workflow: 'copy' },
		{ node: 'other' },
		{ execution: '1043' },
		{ loop: 1 },
	])('differ in another place: %j', (differing) => {
		expect(executionHash(runOf(differing), 'create')).not.toBe(executionHash(runOf(), 'create'));
	});
});
