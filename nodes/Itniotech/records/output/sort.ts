import type { WireRecord } from '../../api/types';
import { compareText } from './text';
import { durationOf, numberOf, realTimeOf } from '../record';

interface Order {
	displayName: string;
	description?: string;
	/** What records are compared by; absent: the order of the list. */
	read?(record: WireRecord): number | null;
	isAscending?: boolean;
}

const submitTime = ({ submitTime: time }: WireRecord) => realTimeOf(time);

export const ORDERS = {
	asListed: { displayName: 'As Listed', description: 'In the order in which ITNIO TECH lists them, usually newest first' }, // prettier-ignore
	newest: { displayName: 'Newest First', read: submitTime },
	oldest: { displayName: 'Oldest First', read: submitTime, isAscending: true },
	longest: { displayName: 'Longest First', read: ({ callDuration }) => durationOf(callDuration) },
	mostExpensive: {
		displayName: 'Most Expensive First',
		description: 'By the amount, whatever its currency',
		read: ({ cost }) => numberOf(cost),
	},
} satisfies Record<string, Order>;

export type OrderName = keyof typeof ORDERS;

export const ORDER_NAMES = Object.keys(ORDERS) as OrderName[];

interface SortEntry<Output> {
	voiceId: string;
	value: number | null;
	output: Output;
}

/** Sorts records, without a value last and equal ones by ID. Holds what is output, of at most twice as many as are wanted. */
export class SortedRecords<Output> {
	private entries: Array<SortEntry<Output>> = [];

	constructor(
		private readonly order: Order,
		private readonly toOutput: (record: WireRecord) => Output,
		private readonly limit = Infinity,
	) {}

	add(records: WireRecord[]): void {
		for (const record of records) {
			const value = this.order.read?.(record) ?? null;
			this.entries.push({ voiceId: record.voiceId, value, output: this.toOutput(record) });
		}
		if (this.entries.length > 2 * this.limit) this.sort();
	}

	/** The first ones of the order. */
	list(): Output[] {
		this.sort();
		return this.entries.map(({ output }) => output);
	}

	private sort(): void {
		const sign = this.order.isAscending ? 1 : -1;
		this.entries.sort((a, b) => {
			if (a.value === null || b.value === null) {
				return Number(a.value === null) - Number(b.value === null) || compareText(a.voiceId, b.voiceId);
			}
			return sign * (a.value - b.value) || compareText(a.voiceId, b.voiceId);
		});
		if (this.entries.length > this.limit) this.entries.length = this.limit;
	}
}
