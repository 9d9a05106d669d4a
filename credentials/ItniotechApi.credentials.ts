import { createHash } from 'crypto';
import {
	UserError,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type Icon,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';

const DEFAULT_BASE_URL = 'https://api.itniotech.com';

/** With the options of n8n's older helper, which the HTTP Request node uses. */
interface RequestOptions extends IHttpRequestOptions {
	uri?: string;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
	rejectUnauthorized?: boolean;
	agent?: unknown;
	host?: unknown;
	hostname?: unknown;
	port?: unknown;
	socketPath?: unknown;
}

/** Set here alone, whatever the case of their letters. `Host` would name another service behind the same address. */
const OWN_HEADERS = ['api-key', 'sign', 'timestamp', 'host'];
/** A clock that is off by more would be noticed elsewhere. A signature must not be valid long after it was made. */
const MAX_AHEAD_S = 2 * 24 * 60 * 60;

/** Undefined: what would send the signed headers to another machine than that of the URL. */
const SEND_TO_NOBODY_ELSE: Partial<RequestOptions> = {
	proxy: undefined,
	agentOptions: undefined,
	agent: undefined,
	host: undefined,
	hostname: undefined,
	port: undefined,
	socketPath: undefined,
	disableFollowRedirect: true,
	followRedirect: false,
	followAllRedirects: false,
	skipSslCertificateValidation: false,
	rejectUnauthorized: true,
};

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
			displayName:
				'In the ITNIO console, open "Home" → "Developers". There, the API key is called "API authentication name" and its secret "API authentication secret key".',
			name: 'keyNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The API key from the ITNIO console. Copy it together with its secret.',
		},
		{
			displayName: 'API Secret',
			name: 'apiSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Signs each request and is never sent',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			placeholder: `e.g. ${DEFAULT_BASE_URL}`,
			description: 'The URL of the API, without "/voice". Change it only if ITNIO gave you a different one.',
		},
		{
			displayName:
				'This URL is not encrypted: anyone along the way can read phone numbers and replay signed requests. Use a URL that starts with "https://".',
			name: 'insecureNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { baseUrl: [{ _cnd: { regex: '^\\s*[Hh][Tt][Tt][Pp]:' } }] } },
		},
	];

	/**
	 * Adds the signed headers; n8n calls this before each send.
	 * `Sign` is the lower-case hex MD5 of API key + API secret + `Timestamp`, and `Timestamp` is Unix time in seconds
	 * as text (source: the vendor's page "Authentication"). A `Timestamp` header of at most two days ahead is used unchanged:
	 * `Transport` sets it where the clock of this server is off. A path in `url` gets the base URL, so node code never needs the
	 * credential. The signature holds for any request of its minute, so it goes to the origin of the base URL alone.
	 * An own property: the HTTP Request node lists the credential only if a copy of this object still has it.
	 * @throws UserError naming the field that is blank or not a valid URL, or the origin that gets no signature
	 */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: RequestOptions,
	): Promise<RequestOptions> => {
		const apiKey = readKey(credentials.apiKey, 'API Key');
		const apiSecret = readKey(credentials.apiSecret, 'API Secret');
		const timestamp = timestampOf(requestOptions.headers?.Timestamp);
		return {
			...requestOptions,
			...addressOf(requestOptions, readBaseUrl(credentials.baseUrl)),
			...SEND_TO_NOBODY_ELSE,
			headers: {
				'Content-Type': 'application/json;charset=UTF-8',
				...withoutOwnHeaders(requestOptions.headers),
				'Api-Key': apiKey,
				Timestamp: timestamp,
				Sign: createHash('md5').update(`${apiKey}${apiSecret}${timestamp}`).digest('hex'),
			},
		};
	};
}

/** The given Unix time in seconds, unless it is far ahead or no time; then the present. */
function timestampOf(given: unknown): string {
	const nowS = Math.floor(Date.now() / 1000);
	const isUsable = /^\d{1,12}$/.test(String(given)) && Number(given) <= nowS + MAX_AHEAD_S;
	return isUsable ? String(given) : String(nowS);
}

function withoutOwnHeaders(headers: RequestOptions['headers'] = {}): NonNullable<RequestOptions['headers']> {
	return Object.fromEntries(
		Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name.trim().toLowerCase())),
	);
}

function readKey(value: unknown, displayName: string): string {
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '') {
		throw new UserError(`"${displayName}" is empty in the ITNIO TECH API credential`, {
			description: `Open the credential and paste the ${displayName} from the ITNIO console`,
		});
	}
	return text;
}

/** The address that was checked is the one that is sent to, whatever n8n's helpers make of its parts. */
function addressOf({ url, uri, baseURL }: RequestOptions, baseUrl: string): Partial<RequestOptions> {
	const text = String(url ?? uri ?? '');
	const isRelative = !/^([a-z][a-z\d+.-]*:|[/\\]{2})/i.test(text);
	const base = isRelative ? baseURL || (text.startsWith('/') ? baseUrl : '') : '';
	const address = base ? `${base.replace(/\/+$/, '')}/${text.replace(/^\/+/, '')}` : text;
	const target = URL.canParse(address) ? new URL(address) : undefined;
	const { origin } = new URL(baseUrl);
	if (target?.origin !== origin) {
		const place = target ? target.origin : 'an incomplete URL';
		throw new UserError(`The ITNIO TECH API credential does not sign requests to ${place}`, {
			description: `It signs only requests to ${origin}, the address of its "Base URL". Change the URL of the request, or use another credential.`,
		});
	}
	return { url: target.href, baseURL: undefined, ...(uri !== undefined && { uri: target.href }) };
}

function readBaseUrl(value: unknown): string {
	const text = (typeof value === 'string' && value.trim()) || DEFAULT_BASE_URL;
	if (!/^https?:\/\/[^\s/]/i.test(text) || !URL.canParse(text)) {
		throw new UserError('"Base URL" in the ITNIO TECH API credential is not a valid URL', {
			description: `Enter a URL that starts with "https://", e.g. ${DEFAULT_BASE_URL}`,
		});
	}
	return text.replace(/\/+$/, '');
}
