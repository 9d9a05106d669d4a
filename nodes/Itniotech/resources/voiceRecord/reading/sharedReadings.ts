import { sleep } from 'n8n-workflow';
import type { WireRecord } from '../../../api/types';
import type { RecordSource } from '../../../records/scan/windowScanner';
import { SharedScan, type SharedQuery } from '../../../records/scan/sharedScan';

/** What the input items of a run read: one list at a time, and items with the same range read it together. */
export class SharedReadings {
	/** Scans that have not begun, by what their readers have in common. */
	private readonly waiting = new Map<string, SharedScan>();
	private isRunning = false;

	static create(this: void): SharedReadings {
		return new SharedReadings();
	}

	/** @throws ReadAgainError where the item has to be executed again, and what `scan` throws */
	read(source: RecordSource, query: SharedQuery): AsyncGenerator<WireRecord[]> {
		const key = JSON.stringify(commonIn(query));
		const scan = this.waiting.get(key) ?? new SharedScan(source);
		this.waiting.set(key, scan);
		void this.run();
		return scan.read(query);
	}

	private async run(): Promise<void> {
		if (this.isRunning) return;
		this.isRunning = true;
		while (this.waiting.size > 0) {
			// By then, all items that are executed at the same time have asked.
			await sleep(0);
			const [key, scan] = [...this.waiting].reduce((a, b) => (b[1].firstPlace < a[1].firstPlace ? b : a));
			this.waiting.delete(key);
			await scan.run();
		}
		this.isRunning = false;
	}
}

function commonIn(query: SharedQuery) {
	const { range, nowS, limit, pageSize, maxConcurrentRequests, incompleteLists } = query;
	return [range, nowS, limit === undefined, pageSize, maxConcurrentRequests, incompleteLists];
}
