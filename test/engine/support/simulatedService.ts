import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { listDataset } from '../../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../../simulator/simulator';
import { useTestClock } from '../../support/testClock';
import { NOW_MS } from '../../support/times';
import { runWorkflow, workflowOf, type RunOptions } from './engine';

/** For each test of the file, a simulated service without calls that goes by the clock of the test, and runs of the node. */
export function useSimulatedService(options: Partial<RunOptions> = {}) {
	const clock = useTestClock(NOW_MS);
	const service = {
		clock,
		simulator: {} as Simulator,
		credential: () => ({ ...DEMO_CREDENTIAL, baseUrl: service.simulator.url }),
		run: async (parameters: INodeParameters, input: IDataObject[] = [{}], settings: Partial<INode> = {}) =>
			await runWorkflow(workflowOf(parameters, settings), {
				...options,
				credential: service.credential(),
				input,
			}),
	};
	beforeEach(async () => {
		service.simulator = await startSimulator({ dataset: listDataset([]), now: clock.now });
	});
	afterEach(async () => await service.simulator.stop());
	return service;
}
