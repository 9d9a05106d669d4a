import type * as n8nWorkflow from 'n8n-workflow';
import { UNEXPECTED_RESPONSE, readAnswer } from '../../../nodes/Itniotech/api/answer';
import { connectionRefusal, isTemporary, refusalError } from '../../../nodes/Itniotech/api/refusal';
import type { ApiContext } from '../../../nodes/Itniotech/api/types';

/** As in n8n 1.123 and 2.0, which do not know the cause of a failure. */
jest.mock('n8n-workflow', () => {
	const actual = jest.requireActual<typeof n8nWorkflow>('n8n-workflow');
	class NodeApiError extends actual.NodeApiError {
		constructor(...[node, response, options]: ConstructorParameters<typeof actual.NodeApiError>) {
			super(node, response, { ...options, failure: undefined });
		}
	}
	return { ...actual, NodeApiError };
});

const context = { getNode: () => ({ name: 'Node', type: 'itniotech' }) } as unknown as ApiContext;
const answered = (statusCode: number, status: string) => {
	const answer = { statusCode, headers: {}, body: JSON.stringify({ status, reason: '' }) };
	const result = readAnswer(answer as never);
	if ('body' in result) throw new Error('not refused');
	return result.refusal;
};

test.each([
	['-15', true, answered(200, '-15')],
	['-18', true, answered(200, '-18')],
	['HTTP 429', true, answered(429, '')],
	['HTTP 503', true, answered(503, '')],
	['no connection', true, connectionRefusal('ECONNREFUSED')],
	['-1', false, answered(200, '-1')],
	['-2', false, answered(200, '-2')],
	['an unreadable answer', false, UNEXPECTED_RESPONSE],
	['a certificate', false, connectionRefusal('CERT_HAS_EXPIRED')],
])('whether the service may answer later is known in each version of n8n: %s, %p', (_, isLater, refusal) => {
	const error = refusalError(context, refusal);
	expect(isTemporary(error)).toBe(isLater);
	expect(error.failure).toMatchObject({ cause: refusal.cause });
});
