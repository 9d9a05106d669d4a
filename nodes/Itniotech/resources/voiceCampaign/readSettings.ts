import { DateTime } from 'luxon';
import { UserError } from 'n8n-workflow';
import { DEFAULT_MAX_DURATION_S, MAX_VARIABLES } from '../../api/campaigns';
import type { CampaignMessage, NewCampaign } from '../../api/types';
import {
	isEmpty,
	locatorValue,
	readBoolean,
	readChoice,
	readWholeNumber,
} from '../../records/query/parameters';
import { readZone } from '../../records/query/query';
import { readMoment } from '../../records/query/timeRange';
import { refuseEmptyExpression, refuseEmptyExpressions } from '../expressions';
import type { OperationRun } from '../operationRun';
import { readLanguage } from '../placing/language';
import {
	addGapHint,
	addLengthHint,
	readAppId,
	readDisplayNumber,
	readFileId,
	readOptionalNumber,
	readSpokenText,
} from '../placing/readMessage';
import { nextCallingMs, readCallingHours } from './callingHours';
import { readCampaignName } from './campaignName';
import { CREATE_OPTIONS, DEFAULT_MAX_NUMBERS } from './fields';

/** A start that an expression sets to now is past by the time it is read. */
const PAST_TOLERANCE_MS = 60_000;
/** ITNIO documents no limit. A wrong year would also make the list of campaigns long to read. */
const MAX_DAYS_AHEAD = 366;
const MINUTE_FORMAT = "yyyy-MM-dd HH:mm 'UTC'ZZ";
const VARIABLE = new RegExp(`\\$\\{text([1-${MAX_VARIABLES}])\\}`, 'g');

const OTHER_VARIABLE = /\$\{\s*text\s*\d*\s*\}/i;

/** What all input items of a campaign have in common. */
export interface CampaignSettings {
	/** As a person chose it. */
	name?: string;
	isDryRun: boolean;
	maxNumbers: number;
	/** Code of the language of a text, else empty. */
	language: string;
	/** By their number, those that the text has. */
	variablesOfText: number[];
	request: Omit<NewCampaign, 'name' | 'numbers'>;
}

/** @throws UserError naming the field and what to enter */
export function readCreateSettings(run: OperationRun): CampaignSettings {
	const { options } = run;
	refuseEmptyExpressions(run, CREATE_OPTIONS);
	const message = readMessage(run);
	const text = message.source === 3 ? message.text : '';
	return {
		name: readName(run),
		isDryRun: !isEmpty(options.dryRun) && readBoolean(options.dryRun, 'Dry Run'),
		maxNumbers: readWholeNumber(options.maxNumbers ?? DEFAULT_MAX_NUMBERS, 'Max Numbers', { min: 1 }),
		language: message.source === 3 ? message.lan : '',
		variablesOfText: [...new Set([...text.matchAll(VARIABLE)].map(([, number]) => Number(number)))],
		request: {
			message,
			appId: readAppId(run.parameter('appId')),
			displayNum: isEmpty(options.displayNum) ? undefined : readDisplayNumber(options.displayNum),
			loopCount: readOptionalNumber(options.loopCount, 'Loop Count', { min: 1, max: 9 }) ?? 1,
			maxDuration:
				readOptionalNumber(options.maxDuration, 'Max Duration (Seconds)', { min: 1, max: 999 }) ??
				DEFAULT_MAX_DURATION_S,
			maxRingingTime: readOptionalNumber(options.maxRingingTime, 'Max Ringing Time (Seconds)', {
				min: 20,
				max: 120,
			}),
			...readTimes(run),
		},
	};
}

function readName(run: OperationRun): string | undefined {
	const value = run.parameter('campaignName');
	const written = { path: 'campaignName', value, displayName: 'Campaign Name' };
	refuseEmptyExpression(
		run,
		written,
		'Check the expression, or clear the field to let the node create a name. Nobody was called.',
	);
	addGapHint(run, written);
	return readCampaignName(value);
}

function readMessage(run: OperationRun): CampaignMessage {
	const type = readChoice(run.parameter('messageType'), 'Message', ['audioFile', 'text']);
	if (type === 'audioFile') return { source: 1, voiceFileId: readFileId(run.parameter('fileId')) };
	const language = readLanguage(locatorValue(run.parameter('language')));
	const value = run.parameter('text');
	refuseOtherVariables(value);
	const text = readSpokenText(run, { value, language, placeholder: VARIABLE });
	addLengthHint(run, { text, language });
	return { source: 3, text, lan: language };
}

function refuseOtherVariables(text: unknown): void {
	const other = OTHER_VARIABLE.exec(String(text).replace(VARIABLE, ''))?.[0];
	if (other === undefined) return;
	throw new UserError(`"Text" contains ${other}, which is not a valid variable`, {
		description: `Write \${text1} to \${text${MAX_VARIABLES}}, in lower case and without spaces. Nobody was called.`,
	});
}

function readTimes(run: OperationRun): Pick<NewCampaign, 'startMs' | 'callingHours'> {
	const { context, options, nodeRun } = run;
	const zone = readZone(options.timezone, context.getTimezone());
	const now = DateTime.fromMillis(nodeRun.now(), { zone });
	const startMs = readStart(options.startAt, now);
	const fromMs = startMs ?? now.toMillis();
	const callingHours = readCallingHours(options.callingHours, zone, fromMs);
	const firstMs = callingHours ? nextCallingMs(callingHours, fromMs) : fromMs;
	if (firstMs > fromMs) {
		const first = DateTime.fromMillis(firstMs, { zone }).toFormat(MINUTE_FORMAT);
		run.caveat(
			`The campaign starts outside "Calling Hours". According to these hours, the first calls can be made at ${first}.`,
		);
	}
	return { startMs, callingHours };
}

/** Unix milliseconds; `undefined` for at once. */
function readStart(value: unknown, now: DateTime): number | undefined {
	if (isEmpty(value)) return undefined;
	const start = readMoment(value, 'Start At', now);
	if (start > now.plus({ days: MAX_DAYS_AHEAD })) {
		throw new UserError('"Start At" is more than a year ahead', {
			description: `It is ${start.toFormat(MINUTE_FORMAT)}. Choose an earlier time. Nobody was called.`,
		});
	}
	if (start.toMillis() > now.toMillis()) return start.toMillis();
	if (now.toMillis() - start.toMillis() <= PAST_TOLERANCE_MS) return undefined;
	throw new UserError('"Start At" is in the past', {
		description: `It is ${start.toFormat(MINUTE_FORMAT)}. Choose a later time, or remove it to start at once. Nobody was called.`,
	});
}
