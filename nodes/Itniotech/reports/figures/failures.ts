import type { WireRecord } from '../../api/types';
import { textOf } from '../../records/record';
import { chatText, listText } from '../../records/output/text';
import { compareText } from './compareText';

const MAX_IN_TEXT = 3;

// A type, as only that is an IDataObject.
export type Failure = { terminationCode: string; terminationReason: string; calls: number };

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
			({ terminationCode, terminationReason, calls }) =>
				`${chatText(`${terminationCode} ${terminationReason}`) || 'unknown'}: ${calls}`,
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
