import type { IDataObject } from 'n8n-workflow';

import { ItniotechTrigger } from '../../../nodes/Itniotech/ItniotechTrigger.node';
import { DEFAULT_BEHAVIOUR } from '../../simulator/behaviour';
import { listDataset } from '../../simulator/dataset';
import { Service } from '../../simulator/service';
import { DEMO_CREDENTIAL } from '../../simulator/simulator';
import { useTestClock } from '../../support/testClock';
import { NOW_MS } from '../../support/times';
import { createPollContext } from '../../support/pollContext';

/** A polling trigger and what it has done since it was made. */
export interface Watch {
	/** The items of a poll, `null` when nothing is output. */
	poll(): Promise<IDataObject[] | null>;
	/** Its requests, which a test may set to 0. */
	requests: number;
	/** Whether the service refuses them, so that polls fail. */
	isRefused: boolean;
	/** Warnings and errors. */
	readonly log: string[];
	readonly staticData: IDataObject;
	/** Which an edit changes. */
	readonly parameters: IDataObject;
}

let nodes = 0;

/** A trigger of a service in the same process: no HTTP, no n8n, so that a day of polls takes little time. */
export function watch(
	service: Service,
	parameters: IDataObject,
	{ staticData = {}, ...more }: { staticData?: IDataObject; mode?: 'manual'; budgetMs?: number } = {},
): Watch {
	const trigger = new ItniotechTrigger();
	const one: Watch = {
		requests: 0,
		isRefused: false,
		log: [],
		staticData,
		parameters,
		poll: async () => (await trigger.poll.call(context))?.[0].map(({ json }) => json) ?? null,
	};
	const context = createPollContext(service, {
		nodeId: `watch ${++nodes}`,
		parameters,
		staticData,
		...more,
		isRefused: async () => {
			one.requests++;
			return one.isRefused;
		},
		log: (text) => one.log.push(text),
	});
	return one;
}

/** For each test of the file or of the group, a service without calls. */
export function useService() {
	const clock = useTestClock(NOW_MS);
	const current = { clock, service: undefined as unknown as Service };
	beforeEach(() => {
		current.service = new Service(DEMO_CREDENTIAL, clock.now, { ...DEFAULT_BEHAVIOUR }, listDataset([]));
	});
	return current;
}
