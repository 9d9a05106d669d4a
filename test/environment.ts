/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import './compileOnce';

import { AsyncLocalStorage } from 'node:async_hooks';

import { TestEnvironment } from 'jest-environment-node';

const { run } = AsyncLocalStorage.prototype;
const storages = new Set<AsyncLocalStorage<unknown>>();

AsyncLocalStorage.prototype.run = function (this: AsyncLocalStorage<unknown>, ...args: never) {
	storages.add(this);
	return Reflect.apply(run, this, args) as never;
};

/**
 * Ends what would outlive a test file and make the files after it slow:
 * - the storage that jest switches on for each test. On Node.js 20, each promise costs more with each of them.
 * - intervals. n8n-core starts one when it is loaded, which holds on to all that the file has loaded: 30 MB.
 */
export default class extends TestEnvironment {
	private readonly intervals = new Set<NodeJS.Timeout>();

	override async setup(): Promise<void> {
		await super.setup();
		const { setInterval } = this.global;
		this.global.setInterval = ((...args: never) => {
			const interval = Reflect.apply(setInterval, this.global, args) as NodeJS.Timeout;
			this.intervals.add(interval);
			return interval;
		}) as typeof setInterval;
	}

	handleTestEvent = ({ name }: { name: string }) => {
		if (name === 'test_fn_start' || name === 'hook_start') disableStorages();
	};

	override async teardown(): Promise<void> {
		for (const interval of this.intervals) clearInterval(interval);
		await super.teardown();
		disableStorages();
		storages.clear();
	}
}

function disableStorages(): void {
	for (const storage of storages) storage.disable();
}
