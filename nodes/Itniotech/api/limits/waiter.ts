export interface SendResult {
	/** `rejected`: as one too many. */
	kind: 'answered' | 'failed' | 'rejected';
	retryAfterMs?: number;
}

export interface Turn<T> {
	send(): Promise<T>;
	classify(result: T): SendResult;
	signals: AbortSignal[];
	/** How often the request was sent before. Other records may wait for its answer, so the most tries go first. */
	tries: number;
	/** How long the request may wait for its turn; left out: for ever. */
	maxWaitMs?: number;
}

/** The turn of a request would come later than it has time for. */
export class PauseTooLongError extends Error {
	/** @param isByLimit the service takes no more requests; otherwise it asked to wait for another reason */
	constructor(
		readonly waitMs: number,
		readonly isByLimit: boolean,
	) {
		super('The pause is too long');
	}
}

/** A request that waits for its turn, or is on its way. */
export class Waiter {
	isStarted = false;
	startMs = 0;
	/** No other request was in flight. */
	isAlone = false;
	/** It was one more than the width, to try whether the service takes it. */
	isWider = false;
	/** How often the width had been cut before. */
	cutsBefore = 0;
	giveUp: (error: PauseTooLongError) => void = () => {};
	/** @throws PauseTooLongError */
	readonly turn: Promise<void>;
	private resolve = () => {};

	constructor(
		readonly tries: number,
		readonly giveUpAtMs: number,
	) {
		this.turn = new Promise((resolve, reject) => {
			this.resolve = resolve;
			this.giveUp = reject;
		});
	}

	start(startMs: number, circumstances: Pick<Waiter, 'isAlone' | 'isWider' | 'cutsBefore'>): void {
		Object.assign(this, circumstances, { isStarted: true, startMs });
		this.resolve();
	}
}
