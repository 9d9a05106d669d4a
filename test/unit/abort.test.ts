import { unlessAborted } from '../../nodes/Itniotech/api/abort';

const cancelled = new Error('cancelled');

test.each([
	['without a signal', undefined],
	['with a signal that stays silent', new AbortController().signal],
])('gives what the promise gives, %s', async (_case, signal) => {
	await expect(unlessAborted(Promise.resolve('value'), signal)).resolves.toBe('value');
	await expect(unlessAborted(Promise.reject(new Error('refused')), signal)).rejects.toThrow('refused');
});

test('throws the reason of the signal at once when it aborts, or did before', async () => {
	const never = new Promise(() => {});
	const abort = new AbortController();
	const waits = [unlessAborted(never, abort.signal), unlessAborted(never, AbortSignal.abort(cancelled))];
	abort.abort(cancelled);
	for (const wait of waits) await expect(wait).rejects.toBe(cancelled);
});

test('leaves no listener behind', async () => {
	const { signal } = new AbortController();
	const [add, remove] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')];
	await unlessAborted(Promise.resolve(), signal);
	expect(remove.mock.calls).toEqual(add.mock.calls);
	expect(add).toHaveBeenCalledTimes(1);
});
