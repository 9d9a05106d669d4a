import type { IDataObject, INode, IPollFunctions } from 'n8n-workflow';

import { ItniotechApi } from '../../credentials/ItniotechApi.credentials';
import type { Service } from '../simulator/service';
import { DEMO_CREDENTIAL } from '../simulator/simulator';

export interface PollContextOptions {
	/** The process of n8n remembers its triggers by it. */
	nodeId: string;
	parameters: IDataObject;
	staticData: IDataObject;
	/** `manual` is a test in the editor. */
	mode?: 'trigger' | 'manual';
	/** Older engines set none. */
	budgetMs?: number;
	/** Asked at each request; `true` refuses it. */
	isRefused?(url: string): Promise<boolean>;
	/** Gets each warning and error. */
	log?(text: string): void;
}

export const REFUSED = '{"status":"-1","reason":""}';

/** n8n without its HTTP: the credential signs, and the simulated service answers in the same process. */
export function createPollContext(
	service: Pick<Service, 'answer' | 'now'>,
	options: PollContextOptions,
): IPollFunctions {
	const { nodeId, parameters, staticData, budgetMs, isRefused, log = () => {}, mode = 'trigger' } = options;
	const credential = { ...DEMO_CREDENTIAL, baseUrl: 'http://service' };
	const { authenticate } = new ItniotechApi();
	const send = async (_type: string, request: Parameters<typeof authenticate>[1]) => {
		const signed = await authenticate(credential, request);
		const entries = Object.entries(signed.headers ?? {});
		const headers = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
		const isAnswered = !(await isRefused?.(signed.url));
		const date = new Date(service.now()).toUTCString();
		if (!isAnswered) return { statusCode: 200, headers: { date }, body: REFUSED };
		const sent = { ...signed, headers } as unknown as Parameters<Service['answer']>[0];
		const { httpStatus, body } = service.answer(sent, 1);
		return { statusCode: httpStatus, headers: { date }, body };
	};
	return {
		getMode: () => mode,
		getActivationMode: () => 'activate',
		getNode: () => ({ id: nodeId, name: 'ITNIO TECH Trigger', parameters }) as unknown as INode,
		getWorkflow: () => ({ id: 'model' }),
		getTimezone: () => 'Asia/Singapore',
		getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
		getCredentials: async () => credential,
		getWorkflowStaticData: () => staticData,
		getPollBudgetMs: budgetMs === undefined ? undefined : () => budgetMs,
		logger: { debug: () => {}, warn: log, error: log },
		helpers: { httpRequestWithAuthentication: send },
	} as unknown as IPollFunctions;
}
