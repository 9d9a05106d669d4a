import { NodeOperationError, UserError, sleep, type IExecuteFunctions } from 'n8n-workflow';
import { MAX_NUMBERS_PER_CAMPAIGN, MAX_VARIABLES } from '../../api/campaigns';
import type { CampaignNumber, PlacedCall } from '../../api/types';
import { numberText } from '../../records/output/text';
import { isEmpty } from '../../records/query/parameters';
import { quoteValue, readEachNumberToCall, type ReadNumber } from '../../records/query/phoneNumbers';
import { writtenValue } from '../expressions';
import { OperationRun, type NodeRun } from '../operationRun';
import { REPEATED } from '../placing/skipped';
import { readVisibleText } from '../placing/readMessage';
import { refuseRetries } from '../placing/retries';
import { refuseLeftovers } from '../placing/texts';
import { namesOfParts, ownCampaignName } from './campaignName';
import { itemValues, refuseDifferentValues } from './itemValues';
import { readCreateSettings, type CampaignSettings } from './readSettings';

/** Longer ones are cut (source: the vendor's pages on group call tasks). */
const MAX_VARIABLE_LENGTH = 30;
/** n8n stays responsive while many items are read. */
const ITEMS_WITHOUT_PAUSE = 2000;

/** One request: a campaign, and the input items whose numbers it calls. */
export interface CampaignPart {
	name: string;
	numbers: CampaignNumber[];
	itemIndexes: number[];
}

/** A number that is not called. */
export type UncalledNumber = Pick<PlacedCall, 'calledNumber' | 'status' | 'reason'>;

export interface CampaignPlan {
	settings: CampaignSettings;
	/** The index of the input item that creates the campaigns of all. */
	firstIndex: number;
	/** The name that all parts begin with. */
	wholeName: string;
	parts: CampaignPart[];
	leftOut: Map<number, UncalledNumber[]>;
}

/** The parameters that all items have in common. */
const OF_CAMPAIGN = {
	campaignName: 'Campaign Name',
	messageType: 'Message',
	fileId: 'Audio File',
	text: 'Text',
	language: 'Language',
	appId: 'App ID',
	options: 'Options',
};

/**
 * What a run is going to send: all input items as one campaign. Whatever is wrong is known before anything is sent.
 * @throws UserError or NodeOperationError naming the field, for an item only where an item stops the run
 */
export async function planCampaigns(nodeRun: NodeRun): Promise<CampaignPlan> {
	const { context } = nodeRun;
	refuseRetries(context);
	const itemIndexes = itemsToCreate(context);
	const [firstIndex] = itemIndexes;
	const first = new OperationRun(nodeRun, firstIndex);
	const settings = readCreateSettings(first);
	refuseDifferentValues(context, itemIndexes, OF_CAMPAIGN);
	const { numbers, owners, leftOut } = await readNumbers(nodeRun, itemIndexes, settings);
	if (numbers.length > settings.maxNumbers) {
		throw new UserError(
			`This run would call ${numberText(numbers.length)} numbers, more than "Max Numbers" allows: ${numberText(settings.maxNumbers)}`,
			{ description: 'Raise "Max Numbers" under "Options", or pass fewer numbers to this node. Nobody was called.' }, // prettier-ignore
		);
	}
	const title = context.getWorkflow().name ?? '';
	const wholeName = settings.name ?? ownCampaignName(first, title, 'create');
	const names = namesOfParts(wholeName, Math.ceil(numbers.length / MAX_NUMBERS_PER_CAMPAIGN));
	const parts = names.map((name, index) => {
		const range = [index * MAX_NUMBERS_PER_CAMPAIGN, (index + 1) * MAX_NUMBERS_PER_CAMPAIGN] as const;
		const itemsOfPart = [...new Set(owners.slice(...range))];
		return { name, numbers: numbers.slice(...range), itemIndexes: itemsOfPart };
	});
	return { settings, firstIndex, wholeName, leftOut, parts };
}

/** Without items of another operation: an expression may set it. */
function itemsToCreate(context: IExecuteFunctions): number[] {
	const [resource, operation] = ['resource', 'operation'].map((name) => itemValues(context, name));
	return [...context.getInputData().keys()].filter(
		(index) => resource(index) === 'voiceCampaign' && operation(index) === 'create',
	);
}

async function readNumbers(nodeRun: NodeRun, itemIndexes: number[], settings: CampaignSettings) {
	const { context } = nodeRun;
	const valueOf = itemValues(context, 'calledNumber');
	const readVariables = variableReader(nodeRun, settings);
	const known = new Set<string>();
	const numbers: CampaignNumber[] = [];
	/** The item of each number. */
	const owners: number[] = [];
	const leftOut: CampaignPlan['leftOut'] = new Map();
	for (const [count, itemIndex] of itemIndexes.entries()) {
		if (count % ITEMS_WITHOUT_PAUSE === ITEMS_WITHOUT_PAUSE - 1) await sleep(0);
		const ofItem: UncalledNumber[] = [];
		const refuse = (calledNumber: string, error: Error) => {
			const reason = new NodeOperationError(context.getNode(), error, { itemIndex });
			if (!context.continueOnFail()) throw reason;
			ofItem.push({ calledNumber, status: 'refused', reason: reason.message });
		};
		const read = numbersOfItem(() => valueOf(itemIndex));
		const isNew = read.some(({ calledNumber, error }) => !error && !known.has(calledNumber));
		const variables = isNew ? readVariables(itemIndex) : undefined;
		for (const { calledNumber, error } of read) {
			if (error) refuse(calledNumber, error);
			else if (known.has(calledNumber)) ofItem.push({ calledNumber, status: 'skipped', reason: REPEATED });
			else if (variables instanceof Error) refuse(calledNumber, variables);
			else {
				known.add(calledNumber);
				owners.push(itemIndex);
				numbers.push(variables ? { calledNumber, variables } : { calledNumber });
			}
		}
		if (ofItem.length > 0) leftOut.set(itemIndex, ofItem);
	}
	return { numbers, owners, leftOut };
}

/** The numbers of an item; where it has none, what stands there. */
function numbersOfItem(valueOfItem: () => unknown): ReadNumber[] {
	let value: unknown;
	try {
		// n8n may refuse the expression for this item.
		value = valueOfItem();
		return readEachNumberToCall(value, 'Called Number');
	} catch (error) {
		return [{ calledNumber: quoteValue(value), error: error as UserError }];
	}
}

/** `text1` to `text5` of each item, or what is wrong with them; `undefined` without any. */
function variableReader(
	nodeRun: NodeRun,
	{ language, variablesOfText }: CampaignSettings,
): (itemIndex: number) => string[] | Error | undefined {
	const { context } = nodeRun;
	const path = 'options.variables.values';
	const numbers = Array.from({ length: MAX_VARIABLES }, (_, index) => index + 1);
	const set = numbers.filter((number) => !isEmpty(writtenValue(context, `${path}.text${number}`)));
	const valueOf = new Map(set.map((number) => [number, itemValues(context, `${path}.text${number}`)]));
	const missing = variablesOfText.find((number) => !valueOf.has(number));
	if (missing !== undefined) {
		throw new UserError(`"Text" has \${text${missing}}, but "Variables" has no "Text${missing}"`, {
			description: 'Add it to "Variables" under "Options", or remove it from the text. Nobody was called.',
		});
	}
	const unused = set.filter((number) => !variablesOfText.includes(number));
	if (unused.length > 0) nodeRun.hint(unusedText(unused));
	if (set.length === 0) return () => undefined;
	const isUsed = (number: number) => variablesOfText.includes(number);
	return (itemIndex) => {
		try {
			return numbers.map((number) => {
				const value = valueOf.get(number)?.(itemIndex);
				return isEmpty(value) && !isUsed(number) ? '' : readVariable(nodeRun, value, { number, language });
			});
		} catch (error) {
			return error as Error;
		}
	};
}

function readVariable(
	nodeRun: NodeRun,
	value: unknown,
	{ number, language }: { number: number; language: string },
): string {
	const displayName = `Text${number}`;
	const text = readVisibleText(value, displayName, 'Check its expression under "Variables"');
	refuseLeftovers(text, displayName, language);
	if ([...text].length > MAX_VARIABLE_LENGTH) {
		nodeRun.caveat(`ITNIO TECH cuts variables after ${MAX_VARIABLE_LENGTH} characters: some are longer`);
	}
	return text.replace(/\p{Cc}/gu, ' ');
}

function unusedText(numbers: number[]): string {
	const names = numbers.map((number) => `\${text${number}}`).join(', ');
	return `"Variables" has texts for which the message has no place: ${names}`;
}
