export const FIRST_WIDTH = 5;
const MAX_WIDTH = 20;
/**
 * The limits of ITNIO TECH are not published. Five requests at a time, answered after 50 ms each, ask 100 times a second. A
 * larger width makes up for distance, and must not raise the load on the service.
 */
const MAX_REQUESTS_PER_S = 100;
export const MS_PER_REQUEST = 1000 / MAX_REQUESTS_PER_S;
/** Answers that take longer than this queue up at the service, where more requests at a time gain nothing. */
const MAX_SLOWDOWN = 2;
const MAX_DURATIONS = 10;
const MIN_DURATIONS = 3;
/**
 * Batches before a rejected width is tried again; a batch is as many answers as the width. After 10 of 50 ms, a pause
 * costs a third of the time. Doubling them after each further rejection makes that negligible.
 */
const FIRST_HOLD_BATCHES = 10;
const MAX_HOLD_BATCHES = 80;

/**
 * How many requests may be in flight. The width doubles with each batch of answers, until the first rejection or until
 * answers slow down. A rejection halves it, and from then on it grows by one per batch.
 */
export class AdaptiveWidth {
	private width = FIRST_WIDTH;
	private isDoubling = true;
	/** The largest width below the last rejected one. */
	private ceiling = 0;
	private holdBatches = FIRST_HOLD_BATCHES;
	private batchesUntilHigher = 0;
	private answersInBatch = 0;
	private probe: 'none' | 'due' | 'sent' = 'none';
	private durationsMs: number[] = [];
	private leastMs = Infinity;

	/** 1 to `MAX_WIDTH`. */
	get slots(): number {
		return Math.min(this.width, this.maxWidth());
	}

	/**
	 * Requests at a time may have been too many because they were sent within a short time, so that they should be sent at equal
	 * distances.
	 */
	get isCut(): boolean {
		return this.holdBatches > FIRST_HOLD_BATCHES;
	}

	/** Time that the last answers took, in milliseconds; `undefined` until there are enough of them. */
	get medianMs(): number | undefined {
		const { durationsMs } = this;
		if (durationsMs.length < MIN_DURATIONS) return undefined;
		return [...durationsMs].sort((a, b) => a - b)[Math.floor(durationsMs.length / 2)];
	}

	/** Beyond the width of the first batch: what a service as far away as the first answers came from allows. */
	get reach(): number {
		const { durationsMs, slots } = this;
		const isFirstBatch = this.isDoubling && this.medianMs === undefined && durationsMs.length > 0;
		return isFirstBatch ? Math.max(slots, widthAt(Math.min(...durationsMs))) : slots;
	}

	/**
	 * As one answer may be late for any reason, a silence of `silentMs` must confirm how far the service is: where it is near,
	 * an answer comes before a sixth request is sent.
	 */
	slotsAfter(silentMs: number): number {
		return Math.max(this.slots, Math.min(this.reach, widthAt(silentMs)));
	}

	/** The slots, with the one request more that may be sent. */
	get nextSlots(): number {
		return this.probe === 'due' ? this.slots + 1 : this.slots;
	}

	/** Whether one request more than the width may be sent, so that a rejection costs one request and not a batch of them. */
	useProbe(): boolean {
		if (this.probe !== 'due') return false;
		this.probe = 'sent';
		this.answersInBatch = -1;
		return true;
	}

	/** @returns whether the width changed. Unless all slots are in use (`isWanted`), an answer says nothing about a larger one. */
	observeAnswer(durationMs: number, isWanted: boolean): boolean {
		this.durationsMs = [...this.durationsMs, durationMs].slice(-MAX_DURATIONS);
		this.leastMs = Math.min(this.leastMs, this.medianMs ?? Infinity);
		if (!isWanted || ++this.answersInBatch < this.slots) return false;
		const { width } = this;
		this.width = this.widthOfNextBatch();
		this.answersInBatch = 0;
		return this.width !== width;
	}

	cut(): void {
		const { slots, probe } = this;
		this.width = Math.max(1, Math.floor(slots / 2));
		this.isDoubling = false;
		this.probe = 'none';
		const ceiling = probe === 'sent' ? slots : Math.max(this.width, slots - 1);
		const isSameLimit = ceiling <= this.ceiling + 1;
		this.holdBatches = isSameLimit ? Math.min(MAX_HOLD_BATCHES, 2 * this.holdBatches) : FIRST_HOLD_BATCHES;
		this.ceiling = ceiling;
		this.batchesUntilHigher = this.holdBatches;
		this.answersInBatch = 0;
		// If answers take longer for another reason, the width must still be able to grow.
		this.leastMs = Infinity;
	}

	/** What comes next may be other requests, which take longer without any load. */
	forgetDurations(): void {
		this.durationsMs = [];
		this.leastMs = Infinity;
	}

	private widthOfNextBatch(): number {
		const { width, medianMs = 0 } = this;
		const maxWidth = this.maxWidth();
		const isProbeAnswered = this.probe === 'sent';
		this.probe = 'none';
		if (medianMs > MAX_SLOWDOWN * this.leastMs) {
			this.isDoubling = false;
			if (width > FIRST_WIDTH) return width - 1;
			// So few requests are no load: the service has become slower for another reason.
			this.leastMs = medianMs;
			return width;
		}
		if (this.isDoubling) return Math.max(width, Math.min(2 * width, maxWidth));
		const next = isProbeAnswered ? width + 1 : width;
		if (next < maxWidth && (next < this.ceiling || this.batchesUntilHigher-- <= 0)) this.probe = 'due';
		return next;
	}

	private maxWidth(): number {
		return widthAt(this.medianMs ?? 0);
	}
}

function widthAt(durationMs: number): number {
	return Math.min(MAX_WIDTH, Math.max(FIRST_WIDTH, Math.floor(durationMs / MS_PER_REQUEST)));
}
