import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { listDataset } from '../../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../../simulator/simulator';
import { useTestClock } from '../../support/testClock';
import { createPollContext, type PollContextOptions } from './engine';
import { NOW_MS } from '../../support/times';

export { call, endedCalls, OPEN } from '../../support/calls';

export type Trigger = Awaited<ReturnType<typeof createPollContext>>;

/** For each test of the group, a simulated service without calls, and triggers that poll it. */
export function usePolling() {
	const clock = useTestClock(NOW_MS);
	const service = {
		clock,
		/** May be replaced. */
		simulator: undefined as unknown as Simulator,
		create: async (parameters: INodeParameters = {}, options: Partial<PollContextOptions> = {}) =>
			await createPollContext({
				credential: { ...DEMO_CREDENTIAL, baseUrl: service.simulator.url },
				timezone: 'Asia/Singapore',
				parameters: { event: 'callFailed', ...parameters },
				...options,
			}),
		/** The same workflow with other parameters, as after saving it, in a new process unless it has the same id. */
		edited: async (
			trigger: Trigger,
			parameters: INodeParameters,
			options: Partial<PollContextOptions> = {},
		) => await service.create(parameters, { staticData: service.stateOf(trigger), ...options }),
		/** Ids or digests of a poll after so much time; `null` when nothing is output. */
		itemsAfter: async (trigger: Trigger, ms: number) => {
			clock.ms += ms;
			return (await trigger.poll())?.[0].map(({ json }) => json) ?? null;
		},
		idsAfter: async (trigger: Trigger, ms: number) =>
			(await service.itemsAfter(trigger, ms))?.map(({ voiceId }) => voiceId) ?? null,
		stateOf: ({ workflow }: Trigger) => JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject,
		logged: ({ context }: Trigger, level: 'warn' | 'error') =>
			jest.spyOn(context.logger, level).mockImplementation(() => {}),
	};
	beforeEach(async () => {
		service.simulator = await startSimulator({ dataset: listDataset([]) });
	});
	afterEach(async () => await service.simulator.stop());
	return service;
}
