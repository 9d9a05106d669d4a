import type { INodeParameters } from 'n8n-workflow';

import type { Fault } from '../simulator/simulator';
import type * as TestClocks from '../support/testClock';
import type { RunResult } from './support/engine';
import { useSimulatedService } from './support/simulatedService';
import { hintsOf } from './support/summaries';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const service = useSimulatedService();
const { run } = service;

const create = async (campaignName: string, more: INodeParameters = {}): Promise<RunResult> => {
	const parameters = {
		resource: 'voiceCampaign',
		operation: 'create',
		calledNumber: '15550100',
		messageType: 'text',
		text: 'Hello',
		language: 'EN',
		appId: 'app',
		campaignName,
		...more,
	};
	return await run(parameters, [{ id: 1042 }]);
};
const sends = () => service.simulator.requests.filter(({ path }) => /\/(send|sendCode)$/.test(path));
const EMPTY_LIST: Fault = { kind: 'body', body: '{"code":0,"data":{"records":[],"total":0}}' };

/** Nobody says whether ITNIO takes such names for one, so the node does where the search lists them. */
describe.each([true, false])('names that differ in case alone (one for the service: %s)', (ignoresCase) => {
	beforeEach(() => (service.simulator.behaviour.taskNamesIgnoreCase = ignoresCase));

	it.each([
		['Spring sale', 'SPRING SALE'],
		['spring  sale', 'Spring sale'],
		['spring sale', 'Ｓpring sale'],
		['spring sale', 'Spring Sale (1/2)'],
	])('%s is refused beside %s', async (name, existing) => {
		const { campaignId } = listed(existing);
		const { error } = await create(name);
		expect(error?.message).toBe(`ITNIO TECH already has a campaign named ${existing}`);
		expect(error?.description).toContain(`Its ID is ${campaignId}. This one was not created.`);
		expect(sends()).toEqual([]);
	});

	/** The list is read as the service's search would have it: by any text. */
	function listed(taskName: string) {
		const row = { jobId: 77, taskName, status: 2, numCnt: 1 };
		service.simulator.failNext({
			kind: 'body',
			body: JSON.stringify({ code: 0, data: { records: [row], total: 1 } }),
		});
		return { campaignId: '77' };
	}

	it('one that the search does not find is no other name, as docs/campaigns.md says', async () => {
		service.simulator.addTask({ taskName: 'SPRING', numbers: ['15550109'] });
		const { error, items } = await create('Spring');
		if (ignoresCase) expect(error?.message).toBe('ITNIO TECH already has a campaign named SPRING');
		else expect(items[0].json).toMatchObject({ name: 'Spring', status: 'submitted' });
	});

	it('the campaign that is found after a lost response is the one of exactly this name', async () => {
		service.simulator.addTask({ taskName: 'SPRING', numbers: ['15550109'] });
		service.simulator.failNext(EMPTY_LIST, { kind: 'reset', takesEffect: !ignoresCase });
		const [{ json }] = (await create('Spring')).items;
		expect(json).toMatchObject(
			ignoresCase
				? { campaignId: null, status: 'unknown' }
				: { campaignId: service.simulator.tasks.at(-1)!.id, status: 'submitted' },
		);
	});

	it('-20 has the name and the ID of the campaign that has it', async () => {
		service.simulator.addTask({ taskName: 'SPRING', numbers: ['15550109'] });
		service.simulator.failNext(EMPTY_LIST);
		const { error, items } = await create('Spring');
		if (!ignoresCase) return expect(items[0].json).toMatchObject({ status: 'submitted', reason: null });
		expect(error?.message).toBe('ITNIO TECH already has a campaign named SPRING');
		expect(error?.description).toContain(`Its ID is ${service.simulator.tasks[0].id}. `);
	});
});

describe('an expression that gives nothing', () => {
	it.each(['={{ $json.nope }}', '={{ null }}', '={{ " " }}'])(
		'as the name of a campaign (%s) is refused: each run would be another campaign',
		async (name) => {
			const { error } = await create(name);
			expect(error).toMatchObject({
				message: '"Campaign Name" is empty: its expression gave no value',
				description:
					'Check the expression, or clear the field to let the node create a name. Nobody was called.',
			});
			expect(service.simulator.requests).toEqual([]);
		},
	);

	it('as all of "Options" is removed by n8n, as docs/messages.md says: the node cannot see it', async () => {
		const { items } = await create('Spring', { options: '={{ { dryRun: true } }}' });
		expect(items[0].json.status).toBe('submitted');
	});

	const gap = (field: string) => `"${field}" seems to have a gap, as if an expression in it gave no value`;
	it.each<[string, boolean]>([
		['=order {{ $json.nope }}', true],
		['=order-{{ $json.nope }}', true],
		['={{ $json.nope }}-order', true],
		['=order-{{ $json.nope }}-2', true],
		['=order ({{ $json.nope }})', true],
		['=order-{{ $json.id }}', false],
		['=order {{ $json.id }} of today', false],
		['order-', false],
	])('as a part of a name or reference (%s) is hinted at: %s', async (text, isHinted) => {
		const expected = (field: string) => (isHinted ? [gap(field)] : []);
		expect(hintsOf(await create(text))).toEqual(expected('Campaign Name'));
		const calledInfo = { resource: 'voiceMessage', operation: 'sendText', options: { calledInfo: text } };
		expect(hintsOf(await create('', calledInfo))).toEqual(expected('Called Info'));
	});
});

/** Where rows without an ID stand in a list of three pages, by their page. */
describe.each([[[1]], [[2]], [[3]], [[1, 2]], [[1, 2, 3]]])('pages %j of a list have no IDs', (pages) => {
	const PAGE = 100;
	const faults = () =>
		[1, 2, 3].map((page): Fault => {
			const records = Array.from({ length: page === 3 ? 10 : PAGE }, (_, nth) => {
				const id = page * 1000 + nth;
				return { ...(!pages.includes(page) && { jobId: id }), taskName: `C${id}`, status: 2, numCnt: 1 };
			});
			return { kind: 'body', body: JSON.stringify({ code: 0, data: { records, total: 2 * PAGE + 10 } }) };
		});
	const withId = [1, 2, 3].filter((page) => !pages.includes(page)).length;

	it('the others are all listed', async () => {
		service.simulator.failNext(...faults());
		const list = await run({ resource: 'voiceCampaign', operation: 'getAll', returnAll: true });
		const count = withId * PAGE - (pages.includes(3) ? 0 : PAGE - 10);
		expect(list.items).toHaveLength(count);
		expect(service.simulator.requests).toHaveLength(3);
		const most = pages.some((page) => page < 3) ? PAGE : 10;
		expect(hintsOf(list)).toEqual([
			`ITNIO TECH lists campaigns without an ID, which cannot be output: at least ${most}`,
		]);
	});

	it('a name on the last of them is found', async () => {
		service.simulator.failNext(...faults());
		expect((await create('C3009')).error?.message).toBe('ITNIO TECH already has a campaign named C3009');
		expect(sends()).toEqual([]);
	});
});
