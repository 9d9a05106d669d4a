import type { NodeApiError } from 'n8n-workflow';

/** What a refusal by the service means and what is done about it. */
export interface StatusMeaning {
	/** What happened, as a sentence for the user. */
	message: string;
	/** What the user can do about it. */
	hint: string;
	/** `backoff`: passing, try again later. `clock`: try again with the server's time. */
	retry: 'no' | 'backoff' | 'clock';
	/** Send fewer requests at a time from now on. */
	slowDown?: true;
	/** The cause that n8n's engine schedules by (since n8n 2.4x; older ones ignore it). */
	cause: NonNullable<NodeApiError['failure']>['cause'];
}

const CHECK_CREDENTIAL = 'Check "API Key", "API Secret" and "Base URL" in the ITNIO TECH API credential';
const ASK_ITNIO = 'Ask your ITNIO TECH contact';

/**
 * Status codes of the service. Source: the vendor's page of "voice message record" (-1, -2, -16, -18, -22, -25)
 * and the vendor's global status table (the others).
 */
export const STATUS_MEANINGS: ReadonlyMap<string, StatusMeaning> = new Map<string, StatusMeaning>([
	[
		'-1',
		{
			message: 'ITNIO TECH did not accept the API key and its signature',
			hint: `${CHECK_CREDENTIAL}. Key and secret belong together: copy both again from the ITNIO console.`,
			retry: 'no',
			cause: 'credential-invalid',
		},
	],
	[
		'-2',
		{
			message: 'ITNIO TECH does not accept requests from the IP address of this n8n',
			hint: 'Add the public IP address of this n8n server to the IP allow-list in the ITNIO console',
			retry: 'no',
			cause: 'configuration-invalid',
		},
	],
	[
		'-13',
		{
			message: 'The ITNIO TECH user is locked',
			hint: `${ASK_ITNIO} to unlock it`,
			retry: 'no',
			cause: 'credential-invalid',
		},
	],
	[
		'-15',
		{
			message: 'ITNIO TECH received too many requests from this account',
			hint: 'Lower "Max Concurrent Requests" under "Options", or run the workflow at another time',
			retry: 'backoff',
			slowDown: true,
			cause: 'rate-limited',
		},
	],
	[
		'-16',
		{
			message: 'ITNIO TECH found the time of the request too far from its own time',
			hint: 'Set the clock of this n8n server (time synchronization, NTP), then try again',
			retry: 'clock',
			cause: 'configuration-invalid',
		},
	],
	[
		'-18',
		{
			message: 'ITNIO TECH could not process the request because of a fault on its side',
			hint: `Try again later. ${ASK_ITNIO} if it stays.`,
			retry: 'backoff',
			cause: 'temporarily-unavailable',
		},
	],
	[
		'-22',
		{
			message: 'ITNIO TECH did not accept a parameter of the request',
			hint: 'Check the values of this node: "Time Range" and "Page Size", or "Voice ID"',
			retry: 'no',
			cause: 'configuration-invalid',
		},
	],
	[
		'-25',
		{
			message: 'ITNIO TECH has no records for so early a time',
			hint: 'Choose a "Time Range" within the last two months',
			retry: 'no',
			cause: 'configuration-invalid',
		},
	],
	[
		'-29',
		{
			message: 'The ITNIO TECH workspace is disabled',
			hint: `${ASK_ITNIO} to enable it`,
			retry: 'no',
			cause: 'credential-invalid',
		},
	],
	[
		'-30',
		{
			message: 'The API key is disabled',
			hint: 'Enable the key in the ITNIO console, or put another one into the ITNIO TECH API credential',
			retry: 'no',
			cause: 'credential-invalid',
		},
	],
	[
		'-31',
		{
			message: 'The IP address of this n8n is not in the allow-list of the ITNIO TECH account',
			hint: 'Add the public IP address of this n8n server to the IP allow-list in the ITNIO console',
			retry: 'no',
			cause: 'configuration-invalid',
		},
	],
	[
		'-32',
		{
			message: 'The API key lacks the permission for this call',
			hint: 'Give the key the permission for voice records in the ITNIO console',
			retry: 'no',
			cause: 'credential-invalid',
		},
	],
]);

/**
 * The meaning of a refusal that comes as an HTTP status, with or without a body of the service's form.
 * @param httpStatus 300 to 599
 */
export function httpStatusMeaning(httpStatus: number): StatusMeaning {
	if (httpStatus === 429) return STATUS_MEANINGS.get('-15')!;
	if (httpStatus >= 500 || httpStatus === 408) {
		return {
			message: 'ITNIO TECH is not available at the moment',
			hint: 'Try again later',
			retry: 'backoff',
			cause: 'temporarily-unavailable',
		};
	}
	if (httpStatus === 401 || httpStatus === 403) {
		return {
			message: 'The request was refused before ITNIO TECH looked at it',
			hint: `${CHECK_CREDENTIAL}, and whether a proxy or firewall stands between`,
			retry: 'no',
			cause: 'credential-invalid',
		};
	}
	return {
		message: 'There is no ITNIO TECH voice API at this address',
		hint: 'Check "Base URL" in the ITNIO TECH API credential',
		retry: 'no',
		cause: 'configuration-invalid',
	};
}

/** The meaning of a status that the table does not know. */
export const UNKNOWN_STATUS: Omit<StatusMeaning, 'message'> = {
	hint: `${ASK_ITNIO} what this status means for your account`,
	retry: 'no',
	cause: 'configuration-invalid',
};
