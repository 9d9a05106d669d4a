interface Stoppable {
	stop(): Promise<void>;
}

/** What a test has started. */
export class Started {
	private readonly things: Stoppable[] = [];

	/** Waits for a start, and notes what is to be stopped at the end. */
	async add<T extends Stoppable>(starting: Promise<T>): Promise<T> {
		const thing = await starting;
		this.things.unshift(thing);
		return thing;
	}

	/**
	 * Stops all of it, the last one first, also what comes after one that fails: jest waits for whatever is left.
	 * @throws what the first one throws that fails
	 */
	async stop(): Promise<void> {
		const failures: unknown[] = [];
		for (const thing of this.things.splice(0)) {
			await thing.stop().catch((error: unknown) => failures.push(error));
		}
		if (failures.length > 0) throw failures[0];
	}
}
