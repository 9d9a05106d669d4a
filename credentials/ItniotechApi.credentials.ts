import { createHash } from 'crypto';
import {
	UserError,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequest,
	type ICredentialType,
	type IAuthenticateRuleResponseSuccessBody,
	type Icon,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';
import { STATUS_MEANINGS } from '../nodes/Itniotech/api/status';

const DEFAULT_BASE_URL = 'https://api.itniotech.com';

export class ItniotechApi implements ICredentialType {
	name = 'itniotechApi';

	displayName = 'ITNIO TECH API';

	icon: Icon = {
		light: 'file:../nodes/Itniotech/itniotech.svg',
		dark: 'file:../nodes/Itniotech/itniotech.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-itniotech/n8n-nodes-itniotech#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'From the ITNIO console, copied together with its secret',
		},
		{
			displayName: 'API Secret',
			name: 'apiSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Signs each request and is never sent itself',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			placeholder: `e.g. ${DEFAULT_BASE_URL}`,
			description: 'Address of the service without "/voice". Change it only if ITNIO gave you another one.',
		},
	];

	/**
	 * Adds the signed headers; n8n calls this anew for each send.
	 * `Sign` is the lower-case hex MD5 of API key + API secret + `Timestamp`, and `Timestamp` is Unix time in seconds
	 * as text (source: the vendor's page "Authentication"). A `Timestamp` header that is already there is signed as it
	 * is: the request helper sets it when the clock of this server is off. A `url` that begins with `/` is completed
	 * with the base URL, so node code needs no part of the credential.
	 *
	 * @throws UserError naming the field that is blank or no web address
	 */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const apiKey = filled(credentials.apiKey, 'API Key');
		const apiSecret = filled(credentials.apiSecret, 'API Secret');
		const timestamp = requestOptions.headers?.Timestamp ?? String(Math.floor(Date.now() / 1000));
		const isPath = requestOptions.url?.startsWith('/');
		return {
			...requestOptions,
			...(isPath && { url: baseUrl(credentials.baseUrl) + requestOptions.url }),
			headers: {
				'Content-Type': 'application/json;charset=UTF-8',
				...requestOptions.headers,
				'Api-Key': apiKey,
				Timestamp: timestamp,
				Sign: createHash('md5').update(`${apiKey}${apiSecret}${timestamp}`).digest('hex'),
			},
		};
	}

	test: ICredentialTestRequest = {
		request: {
			method: 'POST',
			url: '/voice/recordGroupQuery',
			// A redirect would carry the signed headers to another address.
			disableFollowRedirect: true,
			// n8n before 2.41 leaves out the rules where the HTTP status is an error, so its body is judged instead.
			ignoreHttpStatusErrors: true,
			body: {
				current: 1,
				size: 1,
				params: {
					strTime: '={{ $now.setZone("UTC+8").minus({ hours: 1 }).toFormat("yyyy-MM-dd\'T\'HH:mm:ssZZ") }}',
					endTime: '={{ $now.setZone("UTC+8").toFormat("yyyy-MM-dd\'T\'HH:mm:ssZZ") }}',
				},
			},
		},
		// n8n takes both kinds of rules in one list, which its type does not say.
		rules: [
			...[...STATUS_MEANINGS].flatMap(([status, { message, hint }]) =>
				['status', 'code'].flatMap((key) =>
					[status, Number(status)].map((value) => bodyRule(key, value, `${message}. ${hint}`)),
				),
			),
			// An answer that is no refusal known above and holds no records is not from this API.
			...[undefined, null].map((nothing) =>
				bodyRule(
					'data',
					nothing,
					'This address did not answer like the ITNIO TECH API. Check "Base URL", or try again later.',
				),
			),
		] as ICredentialTestRequest['rules'],
	};
}

function bodyRule(key: string, value: unknown, message: string): IAuthenticateRuleResponseSuccessBody {
	return { type: 'responseSuccessBody', properties: { key, value, message } };
}

/** A pasted value without the blanks around it. */
function filled(value: unknown, displayName: string): string {
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '') {
		throw new UserError(`"${displayName}" is empty in the ITNIO TECH API credential`, {
			description: `Open the credential and paste the ${displayName} from the ITNIO console`,
		});
	}
	return text;
}

function baseUrl(value: unknown): string {
	const text = (typeof value === 'string' && value.trim()) || DEFAULT_BASE_URL;
	if (!/^https?:\/\/[^\s/]/i.test(text) || !URL.canParse(text)) {
		throw new UserError('"Base URL" in the ITNIO TECH API credential is no web address', {
			description: `Enter an address that begins with "https://", e.g. ${DEFAULT_BASE_URL}`,
		});
	}
	return text.replace(/\/+$/, '');
}
