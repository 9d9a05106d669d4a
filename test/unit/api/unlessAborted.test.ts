import { unlessAborted } from '../../../nodes/Itniotech/api/timing';

const cancelled = new Error('cancelled');

test.each([
	['without a signal', []],
	['with signals that do not abort', [new AbortController().signal, new AbortController().signal]],
])('settles as the promise does, %s', async (_case, signals) => {
	await expect(unlessAborted(Promise.resolve('value'), signals)).resolves.toBe('value');
	await expect(unlessAborted(Promise.reject(new Error('refused')), signals)).rejects.toThrow('refused');
});

test('throws the reason of the signal, whether it aborts now or did before', async () => {
	const never = new Promise(() => {});
	const [abort, silent] = [new AbortController(), new AbortController().signal];
	const waits = [abort.signal, AbortSignal.abort(cancelled)].flatMap((signal) => [
		unlessAborted(never, [signal, silent]),
		unlessAborted(never, [silent, signal]),
	]);
	abort.abort(cancelled);
	for (const wait of waits) await expect(wait).rejects.toBe(cancelled);
});

test('work that can be aborted leaves no listener behind', async () => {
	const { signal } = new AbortController();
	const [add, remove] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')];
	await unlessAborted(Promise.resolve(), [signal]);
	expect(remove.mock.calls).toEqual(add.mock.calls);
	expect(add).toHaveBeenCalledTimes(1);
});

test('work that can be aborted adds one listener to a signal, however many wait for it', async () => {
	const abort = new AbortController();
	const add = jest.spyOn(abort.signal, 'addEventListener');
	const waits = Array.from(
		{ length: 30 },
		async () => await unlessAborted(new Promise(() => {}), [abort.signal]),
	);
	expect(add).toHaveBeenCalledTimes(1);
	abort.abort(cancelled);
	for (const wait of waits) await expect(wait).rejects.toBe(cancelled);
});
