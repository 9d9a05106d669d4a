/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { AsyncLocalStorage } from 'node:async_hooks';

import { TestEnvironment } from 'jest-environment-node';

const { run } = AsyncLocalStorage.prototype;
const storages = new Set<AsyncLocalStorage<unknown>>();

AsyncLocalStorage.prototype.run = function (this: AsyncLocalStorage<unknown>, ...args: never) {
	storages.add(this);
	return Reflect.apply(run, this, args) as never;
};

/**
 * Ends the storage that jest makes for each test file and leaves on. On Node.js 20, each promise of a later file costs
 * time for each of them: the last of 137 files took five times as long.
 */
export default class extends TestEnvironment {
	override async teardown(): Promise<void> {
		await super.teardown();
		for (const storage of storages) storage.disable();
		storages.clear();
	}
}
