/**
 * The result of a promise, unless one of the signals aborts before. In the place of `AbortSignal.any`, which leaves
 * several times as much garbage for each request.
 * @throws the reason of the signal; what the promise stands for goes on unwatched then
 */
export async function unlessAborted<T>(promise: Promise<T>, signals: AbortSignal[]): Promise<T> {
	let stop = () => {};
	const aborted = new Promise<never>((_, reject) => {
		stop = () => reject(signals.find((signal) => signal.aborted)?.reason as Error);
		for (const signal of signals) signal.addEventListener('abort', stop);
		if (signals.some((signal) => signal.aborted)) stop();
	});
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		for (const signal of signals) signal.removeEventListener('abort', stop);
	}
}
