import type { NodeApiError } from 'n8n-workflow';
import { TRY_ANOTHER_TIME } from './limits/texts';

export interface StatusMeaning {
	/** A sentence without a full stop at its end. */
	message: string;
	hint: string;
	/** `backoff`: temporary, try again later. `clock`: try again with the time of the server. */
	retry: 'no' | 'backoff' | 'clock';
	slowDown?: true;
	/** n8n's engine schedules by it since n8n 2.4x; older versions ignore it. */
	cause: NonNullable<NodeApiError['failure']>['cause'];
}

const CHECK_CREDENTIAL = 'Check "API Key", "API Secret" and "Base URL" in the ITNIO TECH API credential';
const CHECK_PARAMETERS =
	'Check the parameters of this node. If they are correct, open an issue on GitHub with this message.';
const CONFIGURATION_INVALID = { retry: 'no', cause: 'configuration-invalid' } as const;
const CREDENTIAL_INVALID = { retry: 'no', cause: 'credential-invalid' } as const;
export const TRY_LATER = 'Try again later. If it keeps happening, contact ITNIO TECH.';
const UNAVAILABLE = { hint: TRY_LATER, retry: 'backoff', cause: 'temporarily-unavailable' } as const;

export const TOO_MANY_REQUESTS: StatusMeaning = {
	message: 'ITNIO TECH received too many requests from this account',
	hint: TRY_ANOTHER_TIME,
	retry: 'backoff',
	slowDown: true,
	cause: 'rate-limited',
};

export const TOO_SLOW: StatusMeaning = {
	message: 'ITNIO TECH takes too long to answer',
	hint: TRY_LATER,
	retry: 'no',
	cause: 'temporarily-unavailable',
};

const NOBODY_TO_CALL: StatusMeaning = {
	message: 'ITNIO TECH has no number to call for this campaign',
	hint: 'Check whether the campaign has numbers to call. If it does, open an issue on GitHub with this message. Nobody was called.',
	...CONFIGURATION_INVALID,
};

/** Sources: the vendor's pages "voice message record" (-1, -2, -16, -18, -22, -25), "voice verification code" (-10, -26) and global status table. */
const MEANINGS: Record<string, StatusMeaning> = {
	'-1': {
		message: 'ITNIO TECH did not accept the API key or its signature',
		hint: `${CHECK_CREDENTIAL}. The key and the secret belong together: copy both again from the ITNIO console.`,
		...CREDENTIAL_INVALID,
	},
	'-2': {
		message: 'ITNIO TECH does not accept requests from the IP address of this n8n server',
		hint: 'Add the public IP address of this n8n server to the IP allow-list in the ITNIO console',
		...CONFIGURATION_INVALID,
	},
	'-10': {
		message: 'The balance of the ITNIO TECH account is too low to place calls',
		hint: 'Add credit to the account in the ITNIO console. This request placed no call.',
		...CONFIGURATION_INVALID,
	},
	'-13': {
		message: 'The ITNIO TECH user account is locked',
		hint: 'Contact ITNIO TECH to unlock it',
		...CREDENTIAL_INVALID,
	},
	'-15': TOO_MANY_REQUESTS,
	'-16': {
		message: "The clock of this n8n server differs too much from ITNIO TECH's clock",
		hint: 'Synchronize the clock of this n8n server, for example with NTP, then try again',
		retry: 'clock',
		cause: 'configuration-invalid',
	},
	'-18': {
		message: 'ITNIO TECH could not process the request because of an internal fault',
		...UNAVAILABLE,
	},
	'-21': {
		message: 'ITNIO TECH did not accept a value of the request',
		hint: CHECK_PARAMETERS,
		...CONFIGURATION_INVALID,
	},
	'-22': {
		message: 'ITNIO TECH did not accept a parameter of the request',
		hint: CHECK_PARAMETERS,
		...CONFIGURATION_INVALID,
	},
	'-25': {
		message: 'ITNIO TECH did not accept the time range of the request',
		hint: 'Choose a later start: ITNIO TECH keeps call records for two months',
		...CONFIGURATION_INVALID,
	},
	'-26': {
		message: 'ITNIO TECH has no rate for the destination of this call',
		hint: 'Check the country code of the number. If it is right, ask ITNIO TECH to enable the destination for your account. This request placed no call.',
		...CONFIGURATION_INVALID,
	},
	'-34': NOBODY_TO_CALL,
	'-35': NOBODY_TO_CALL,
	'-29': {
		message: 'The ITNIO TECH workspace is disabled',
		hint: 'Contact ITNIO TECH to enable it',
		...CREDENTIAL_INVALID,
	},
	'-30': {
		message: 'The API key is disabled',
		hint: 'Enable the key in the ITNIO console, or enter another key in the ITNIO TECH API credential',
		...CREDENTIAL_INVALID,
	},
	'-31': {
		message: 'The IP address of this n8n server is not on the IP allow-list of the ITNIO TECH account',
		hint: 'Add the public IP address of this n8n server to the IP allow-list in the ITNIO console',
		...CONFIGURATION_INVALID,
	},
	'-32': {
		message: 'The API key does not have permission for this request',
		hint: 'Grant the key this permission in the ITNIO console',
		...CREDENTIAL_INVALID,
	},
	'-54': {
		message: 'ITNIO TECH did not accept the campaign',
		hint: 'Check with "Get Campaign" whether it has ended',
		...CONFIGURATION_INVALID,
	},
};

export const STATUS_MEANINGS: ReadonlyMap<string, StatusMeaning> = new Map(Object.entries(MEANINGS));

/** The meaning of an HTTP status from 300 to 599 without a known status of the service in its body. */
export function httpStatusMeaning(httpStatus: number): StatusMeaning {
	if (httpStatus === 429) return TOO_MANY_REQUESTS;
	if (httpStatus >= 500 || httpStatus === 408) {
		return { message: 'ITNIO TECH is temporarily unavailable', ...UNAVAILABLE };
	}
	if (httpStatus === 407) {
		return {
			message: 'The proxy between n8n and ITNIO TECH requires a username and a password',
			hint: 'Add them to the HTTPS_PROXY environment variable of this n8n server, e.g. http://user:password@proxy.example:8080',
			...CONFIGURATION_INVALID,
		};
	}
	if (httpStatus === 401 || httpStatus === 403) {
		return {
			message: 'The request was rejected before ITNIO TECH processed it',
			hint: `${CHECK_CREDENTIAL}, and whether a proxy or firewall blocks the request`,
			...CREDENTIAL_INVALID,
		};
	}
	const isMissing = httpStatus === 404 || httpStatus === 405 || httpStatus === 410;
	return {
		message: isMissing
			? 'The ITNIO TECH voice API was not found at this address'
			: `The server at this address ${httpStatus < 400 ? 'redirected' : 'rejected'} the request`,
		hint: 'Check "Base URL" in the ITNIO TECH API credential',
		...CONFIGURATION_INVALID,
	};
}

export const UNKNOWN_STATUS: Omit<StatusMeaning, 'message'> = {
	hint: 'Contact ITNIO TECH and ask what this status means for your account',
	...CONFIGURATION_INVALID,
};
