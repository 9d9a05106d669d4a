import {
	UserError,
	type ICredentialDataDecryptedObject,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type INodeCredentialTestResult,
} from 'n8n-workflow';
import { ItniotechApi } from '../../../credentials/ItniotechApi.credentials';
import {
	INCOMPLETE_RESPONSE,
	OVERSIZED_RESPONSE,
	UNEXPECTED_RESPONSE,
	readAnswer,
	type HttpAnswer,
	type Refusal,
	readBody,
} from '../api/answer';
import { readPage } from '../api/endpoints';
import { connectionRefusal } from '../api/refusal';
import { TRY_TIMEOUT_MS, unlessAborted } from '../api/timing';
import { toTimeSpan } from '../records/windows';

/**
 * Asks for one record of the last hour. A function rather than n8n's declarative test, which shows a bare code such as
 * ECONNREFUSED for an address that does not answer.
 */
export async function testItniotechApi(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const refusal = await tryCredential(this, data).catch(refusalOf);
	if (!refusal) return { status: 'OK', message: 'Connection successful!' };
	const { message, hint, detail } = refusal;
	return { status: 'Error', message: `${message}. ${hint}${detail ? ` (${detail})` : ''}` };
}

type Reason = Pick<Refusal, 'message' | 'hint' | 'detail'>;

async function tryCredential(
	// n8n gives the test of a credential no newer helper than this one.
	{ helpers }: ICredentialTestFunctions,
	data: ICredentialDataDecryptedObject,
): Promise<Reason | undefined> {
	const toS = Math.floor(Date.now() / 1000);
	const body = { current: 1, size: 1, params: toTimeSpan({ fromS: toS - 3600, toS }) };
	const signed = await new ItniotechApi().authenticate(data, {
		method: 'POST',
		url: '/voice/recordGroupQuery',
		body: JSON.stringify(body),
		timeout: TRY_TIMEOUT_MS,
	});
	const options = { ...signed, useStream: true, resolveWithFullResponse: true, simple: false };
	// The helper restarts its own time-out with each byte.
	const timeout = AbortSignal.timeout(TRY_TIMEOUT_MS);
	const answer = (await unlessAborted(helpers.request(options), [timeout])) as HttpAnswer;
	return await readReason(answer, timeout);
}

async function readReason(answer: HttpAnswer, timeout: AbortSignal): Promise<Reason | undefined> {
	try {
		const body = await unlessAborted(readBody(answer.body), [timeout]);
		if (body === undefined) return OVERSIZED_RESPONSE;
		const result = readAnswer({ ...answer, body });
		if ('refusal' in result) return result.refusal;
		return readPage(result.body, 1) ? undefined : UNEXPECTED_RESPONSE;
	} catch {
		timeout.throwIfAborted();
		return INCOMPLETE_RESPONSE;
	} finally {
		(answer.body as { destroy?(): void } | undefined)?.destroy?.();
	}
}

/** No text of the error itself, which may contain what was sent. */
function refusalOf(error: unknown): Reason {
	if (error instanceof UserError) return { message: error.message, hint: error.description ?? '' };
	return connectionRefusal(codeOf(error as Error));
}

function codeOf({ name, code }: Error & { code?: unknown }): string {
	// Before 2.41, n8n hides what is wrong with a certificate.
	if (name === 'NodeSslError') return 'SSL';
	return typeof code === 'string' ? code : 'ETIMEDOUT';
}
