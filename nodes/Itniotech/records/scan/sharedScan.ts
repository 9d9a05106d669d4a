import type { WireRecord } from '../../api/types';
import { Retention } from '../windows';
import { Selection, scanFor, type ScanQuery } from './scan';
import type { RecordSource } from './windowScanner';

/** More records in memory than one reader would hold: a few dozen megabytes. */
export const MAX_SHARED_RECORDS = 100_000;

/** Thrown to a reader that has to begin again, alone or with others. */
export class ReadAgainError extends Error {}

export interface SharedQuery extends ScanQuery {
	/** Readers come in this order where not all of them can go on. */
	place: number;
	/** Whether what the reader holds is its output. What others hold while they read must not add up. */
	isOutput: boolean;
}

interface Reader {
	query: SharedQuery;
	selection: Selection;
	/** Records that it took. */
	taken: number;
	/** Set while it waits for a batch. */
	waiting?: { resolve(batch: WireRecord[] | undefined): void; reject(error: unknown): void };
}

/**
 * Reads a list once for several readers with the same range: each batch goes to all of them, and the next one comes once all
 * of them have asked for it. To each reader it is as if it read alone: it gets the same records, and where reading fails, the
 * first one gets the error and the others begin again.
 */
export class SharedScan {
	private readonly readers = new Set<Reader>();
	/** Those that have left, too. */
	private readonly everybody: Reader[] = [];
	private readonly retention: Retention;
	private waiting = 0;
	private onAllWaiting = () => {};

	constructor(private readonly source: RecordSource) {
		this.retention = new Retention(() => source.now());
	}

	get firstPlace(): number {
		return Math.min(...this.inOrder().map(({ query }) => query.place));
	}

	/** Only before the scan runs. @throws ReadAgainError, and what `scan` throws */
	async *read(query: SharedQuery): AsyncGenerator<WireRecord[]> {
		const reader: Reader = { query, selection: new Selection(query), taken: 0 };
		this.readers.add(reader);
		this.everybody.push(reader);
		try {
			while (reader.selection.missing > 0) {
				const records = await this.nextBatch(reader);
				if (!records) break;
				const batch = reader.selection.select(records);
				reader.taken += batch.length;
				if (batch.length > 0) yield batch;
			}
			if (this.retention.cutOffS !== undefined) query.onTooOld?.(this.retention.cutOffS);
		} finally {
			this.readers.delete(reader);
			this.countWaiting(0);
		}
	}

	/** Until the last reader has what it wants. Never throws: the readers do. */
	async run(): Promise<void> {
		const { source, retention } = this;
		const [{ query }] = this.inOrder();
		const onIncomplete: ScanQuery['onIncomplete'] = (difference) => {
			const readers = this.readers.size > 0 ? this.readers : this.everybody;
			for (const reader of readers) reader.query.onIncomplete?.(difference);
		};
		const batches = scanFor({
			source,
			retention,
			selections: () => [...this.readers].map(({ selection }) => selection),
			query: { ...query, onIncomplete },
		});
		try {
			for await (const records of batches) {
				this.deliver(records);
				await this.allWaiting();
				if (this.readers.size === 0) return;
				this.limitMemory();
				await this.allWaiting();
			}
			this.deliver(undefined);
		} catch (error) {
			for (const [index, reader] of this.inOrder().entries()) {
				this.reject(reader, index === 0 ? error : new ReadAgainError());
			}
		}
	}

	private async nextBatch(reader: Reader): Promise<WireRecord[] | undefined> {
		return await new Promise((resolve, reject) => {
			reader.waiting = { resolve, reject };
			this.countWaiting(1);
		});
	}

	private countWaiting(more: number): void {
		this.waiting += more;
		if (this.waiting === this.readers.size) this.onAllWaiting();
	}

	private async allWaiting(): Promise<void> {
		if (this.waiting === this.readers.size) return;
		await new Promise<void>((resolve) => (this.onAllWaiting = resolve));
	}

	private deliver(records: WireRecord[] | undefined): void {
		this.waiting = 0;
		for (const { waiting } of this.readers) waiting?.resolve(records);
	}

	private reject({ waiting }: Reader, error: unknown): void {
		this.waiting--;
		waiting?.reject(error);
	}

	/** The last readers begin again, once the others have read. */
	private limitMemory(): void {
		const held = [...this.readers].filter(({ query, taken }) => !query.isOutput && taken > 0);
		let records = held.reduce((sum, { taken }) => sum + taken, 0);
		if (records <= MAX_SHARED_RECORDS) return;
		const [, ...others] = this.inOrder().filter((reader) => held.includes(reader));
		for (const reader of others.reverse()) {
			if (records <= MAX_SHARED_RECORDS) return;
			records -= reader.taken;
			this.reject(reader, new ReadAgainError());
		}
	}

	private inOrder(): Reader[] {
		return [...this.readers].sort((a, b) => a.query.place - b.query.place);
	}
}
