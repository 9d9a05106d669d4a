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

	/** Stops all of it, the last one first. */
	async stop(): Promise<void> {
		for (const thing of this.things.splice(0)) await thing.stop();
	}
}
