/** Two passes over each page and one over its halves. */
const REQUESTS_PER_PAGE = 3;
/** Where lists are short, certainty costs little. */
const MORE_REQUESTS = 20;

/**
 * How many requests a scan has sent and still plans, in proportion to the pages that brought new records. Only doubts that
 * two passes have not removed are left where no more is affordable.
 */
export class Effort {
	private sent = 0;
	private planned = 0;
	private newPages = 0;

	countRequest(): void {
		this.sent++;
	}

	countNewPage(): void {
		this.newPages++;
	}

	isAffordable(requests: number): boolean {
		return this.sent + this.planned + requests <= MORE_REQUESTS + REQUESTS_PER_PAGE * this.newPages;
	}

	/** @param requests negative once they are about to be sent */
	plan(requests: number): void {
		this.planned += requests;
	}
}
