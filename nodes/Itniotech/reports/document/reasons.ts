import type { Failure } from '../figures/failures';

/** What the codes mean for who made the call (RFC 3261, RFC 3398), where their own words do not say it. */
const PLAIN_WORDS: Record<string, string> = {
	'400': 'request not understood',
	'401': 'not authorized',
	'403': 'not allowed',
	'404': 'number does not exist',
	'407': 'not authorized',
	'408': 'no answer in time',
	'410': 'number no longer in use',
	'480': 'not available, phone off or out of reach',
	'484': 'number incomplete',
	'486': 'line busy',
	'487': 'not picked up in time',
	'488': 'not accepted by the other side',
	'500': 'fault in a network',
	'502': 'fault in a network',
	'503': 'network overloaded or down',
	'504': 'network did not answer in time',
	'600': 'busy everywhere',
	'603': 'call declined',
	'604': 'number does not exist anywhere',
};

export interface FailureReason {
	/** E.g. `486 Busy Here`, or `487 not picked up in time` without words of the service; `null` without both. */
	name: string | null;
	/** In plain words, where the name does not have them. */
	explanation?: string;
}

export function reasonOf({ terminationCode, terminationReason }: Omit<Failure, 'calls'>): FailureReason {
	const explanation = PLAIN_WORDS[terminationCode];
	if (terminationReason === '') {
		return { name: [terminationCode, explanation].filter(Boolean).join(' ') || null };
	}
	return { name: `${terminationCode} ${terminationReason}`.trim(), explanation };
}
