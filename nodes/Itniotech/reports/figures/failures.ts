import type { WireRecord } from '../../api/types';
import { textOf } from '../../records/record';
import { compareText, chatText, listText, numberText } from '../../records/output/text';

const MAX_IN_TEXT = 3;

// A type, as only that is an IDataObject.
export type Failure = { terminationCode: string; terminationReason: string; calls: number };

/** What the codes mean for who made the call (RFC 3261, RFC 3398), where their own words do not say it. */
const PLAIN_WORDS = new Map([
	['400', 'request not understood'],
	['401', 'not authorized'],
	['403', 'not allowed'],
	['404', 'number does not exist'],
	['407', 'not authorized'],
	['408', 'no answer in time'],
	['410', 'number no longer in use'],
	['480', 'not available, phone off or out of reach'],
	['484', 'number incomplete'],
	['486', 'line busy'],
	['487', 'not picked up in time'],
	['488', 'not accepted by the other side'],
	['500', 'fault in a network'],
	['502', 'fault in a network'],
	['503', 'network overloaded or down'],
	['504', 'network did not answer in time'],
	['600', 'busy everywhere'],
	['603', 'call declined'],
	['604', 'number does not exist anywhere'],
]);

interface FailureReason {
	/** E.g. `486 Busy Here`, or `487 not picked up in time` without words of the service; `null` without both. */
	name: string | null;
	/** In plain words, where the name does not have them. */
	explanation?: string;
}

export function reasonOf({ terminationCode, terminationReason }: Omit<Failure, 'calls'>): FailureReason {
	const explanation = PLAIN_WORDS.get(terminationCode);
	if (terminationReason === '') {
		return { name: [terminationCode, explanation].filter(Boolean).join(' ') || null };
	}
	return { name: `${terminationCode} ${terminationReason}`.trim(), explanation };
}

/** Failed calls by code and reason. */
export class Failures {
	/** Made for the first failure, as there may be a million groups of calls. */
	private byReason?: Map<string, Failure>;

	/** @param calls how many calls failed for this reason */
	add(record: Pick<WireRecord, 'terminationCode' | 'terminationReason'>, calls = 1): void {
		const terminationCode = textOf(record.terminationCode) ?? '';
		const terminationReason = textOf(record.terminationReason) ?? '';
		this.byReason ??= new Map();
		const id = `${terminationCode} ${terminationReason}`;
		const failure = this.byReason.get(id) ?? { terminationCode, terminationReason, calls: 0 };
		failure.calls += calls;
		this.byReason.set(id, failure);
	}

	/** Most first, ties by code, so that the order of the records makes no difference. */
	list(): Failure[] {
		return [...(this.byReason?.values() ?? [])].sort(
			(a, b) =>
				b.calls - a.calls ||
				compareText(a.terminationCode, b.terminationCode) ||
				compareText(a.terminationReason, b.terminationReason),
		);
	}

	/** E.g. `486 Busy Here: 7, 503 Service Unavailable: 5`, empty without failures. */
	text(): string {
		return listText(
			this.list(),
			MAX_IN_TEXT,
			(failure) => `${chatText(reasonOf(failure).name ?? '') || 'unknown'}: ${numberText(failure.calls)}`,
		);
	}

	/** By the first digit of a SIP code. */
	byClass(): Record<string, number> {
		const classes: Record<string, number> = { '4xx': 0, '5xx': 0, '6xx': 0, other: 0 };
		for (const { terminationCode, calls } of this.list()) {
			const digit = /^([456])\d\d$/.exec(terminationCode)?.[1];
			classes[digit ? `${digit}xx` : 'other'] += calls;
		}
		return classes;
	}
}
