import type { Behaviour } from './behaviour';
import { makeVoiceId, type Dataset } from './dataset';
import { wireTime, type WireRecord } from './records';
import { isFilled, isInt, isObject, type Body } from './values';
import { envelopeAnswer, type Answer } from './wire';

const MAX_NUMBERS = 200;
const MAX_TEXT_LENGTH = 1000;
const ANSWERED = ['200', '0'];

/** The vendor's words for the codes that tests use; others get none. */
const WORDS: Record<string, string> = {
	'0': 'success',
	'200': 'success',
	'404': 'Not Found',
	'408': 'Request Timeout',
	'480': 'Temporarily Unavailable',
	'486': 'Busy Here',
	'487': 'Request Terminated',
	'503': 'Service Unavailable',
	'604': 'Does Not Exist Anywhere',
};

/** How a call goes on and ends, which is decided when it starts. */
export interface PlacedCall {
	voiceId: string;
	isAnswered: boolean;
	answerMs: number;
	endMs: number;
	/** How long it is talked on; 0 when nobody answers. */
	talkMs: number;
	/** `-1`: none. */
	pressedKey: string;
}

interface OngoingCall extends PlacedCall {
	record: WireRecord;
	terminationCode: string;
	isListed: boolean;
}

/** Rings the numbers that it is told to, and counts them. */
export class Placing {
	/** How often each number was called. */
	readonly callsPlaced = new Map<string, number>();
	private ongoing: OngoingCall[] = [];
	private ids = 0;

	/** `POST /voice/sendCode` */
	sendCode(body: unknown, context: PlacingContext): Answer {
		const { behaviour } = context;
		if (!isTextCall(body)) return envelopeAnswer(behaviour, '-22');
		const refusal = behaviour.refusedNumbers[String(body.callee)];
		if (refusal !== undefined) return envelopeAnswer(behaviour, '-26');
		const { voiceId } = this.place(String(body.callee), body, context);
		return envelopeAnswer(behaviour, '0', { data: JSON.stringify(voiceId) });
	}

	/** `POST /voice/sendGroup` */
	sendGroup(body: unknown, context: PlacingContext): Answer {
		const { behaviour } = context;
		if (!isFileCall(body, behaviour)) return envelopeAnswer(behaviour, '-22');
		const rows = String(body.callee)
			.split(',')
			.map((callee) => {
				const code = behaviour.refusedNumbers[callee];
				const voiceId = code === undefined ? this.place(callee, body, context).voiceId : '';
				return { voiceId, callee, terminationCode: code ?? '0', terminationReason: WORDS[code ?? '0'] ?? '' };
			})
			.filter(({ callee }) => !behaviour.omittedNumbers.includes(callee));
		const data = behaviour.sendGroupData === 'null' ? 'null' : JSON.stringify(rows);
		return envelopeAnswer(behaviour, '0', { data });
	}

	/** Ends the calls whose time has come, and returns their records. */
	endCalls({ dataset, serviceNow }: Pick<PlacingContext, 'dataset' | 'serviceNow'>): WireRecord[] {
		const ended = this.ongoing.filter(({ endMs }) => endMs <= serviceNow);
		if (ended.length === 0) return [];
		this.ongoing = this.ongoing.filter(({ endMs }) => endMs > serviceNow);
		const records = ended.map(endedRecord);
		records.forEach((record, nth) => ended[nth].isListed && dataset.add(record));
		return records;
	}

	/** Forgets all calls. */
	reset(): void {
		this.callsPlaced.clear();
		this.ongoing = [];
	}

	/** Rings a number, as a request with these fields asks for. */
	place(callee: string, body: Body, context: PlacingContext): PlacedCall {
		const { behaviour, dataset, serviceNow, isListed = true } = context;
		const before = this.callsPlaced.get(callee) ?? 0;
		this.callsPlaced.set(callee, before + 1);
		const { terminationCodes, pressedKeys, ringMs, talkMs } = behaviour;
		const codes = [terminationCodes[callee] ?? '200'].flat();
		const terminationCode = codes[Math.min(before, codes.length - 1)];
		const answerMs = serviceNow + ringMs;
		const voiceId = makeVoiceId(serviceNow, `8${String(this.ids++).padStart(6, '0')}`);
		const record: WireRecord = {
			voiceId,
			callee,
			displayNum: textOf(body.displayNum) ?? '1008122211',
			code: 'United States(New York)',
			submitTime: wireTime(serviceNow),
			callTime: wireTime(serviceNow),
			ringingTime: wireTime(serviceNow),
			voiceFileId: textOf(body.fileId),
			calledInfo: textOf(body.calledInfo),
			rate: '0.06',
			baseCost: '0',
			billPeriod: '1+1',
		};
		if (isListed) dataset.add(record);
		const isAnswered = ANSWERED.includes(terminationCode);
		const call = {
			voiceId,
			isAnswered,
			answerMs,
			endMs: isAnswered ? answerMs + talkMs : answerMs,
			talkMs: isAnswered ? talkMs : 0,
			pressedKey: (isAnswered && pressedKeys[callee]) || '-1',
		};
		this.ongoing.push({ ...call, record, terminationCode, isListed });
		return call;
	}
}

export interface PlacingContext {
	behaviour: Behaviour;
	dataset: Dataset;
	serviceNow: number;
	/** Whether the call is in the list of records; default true. */
	isListed?: boolean;
}

function endedRecord({ record, terminationCode, answerMs, endMs, pressedKey }: OngoingCall): WireRecord {
	const isAnswered = ANSWERED.includes(terminationCode);
	const callDuration = isAnswered ? Math.round((endMs - answerMs) / 1000) : 0;
	return {
		...record,
		answerTime: isAnswered ? wireTime(answerMs) : undefined,
		hangupTime: wireTime(endMs),
		callDuration,
		chargedDuration: callDuration,
		terminationCode,
		terminationReason: WORDS[terminationCode] ?? '',
		cost: (callDuration / 1000).toFixed(3),
		feedbackValue: pressedKey,
	};
}

function isTextCall(body: unknown): body is Body {
	if (!isObject(body) || !hasCommonFields(body)) return false;
	const { callee, text, language, recallCount, recallInterval, speakingRate, ssmlGender, accent } = body;
	return (
		isNumber(callee) &&
		typeof text === 'string' &&
		text !== '' &&
		[...text].length <= MAX_TEXT_LENGTH &&
		isFilled(language) &&
		(recallCount === undefined || isInt(recallCount, 0, 9)) &&
		(recallInterval === undefined || isInt(recallInterval, 1, 999)) &&
		(speakingRate === undefined || (Number(speakingRate) >= 0.25 && Number(speakingRate) <= 4)) &&
		(ssmlGender === undefined || isInt(ssmlGender, 1, 2)) &&
		(accent === undefined || isFilled(accent))
	);
}

function isFileCall(body: unknown, { files }: Behaviour): body is Body {
	if (!isObject(body) || !hasCommonFields(body) || typeof body.callee !== 'string') return false;
	const callees = body.callee.split(',');
	return (
		callees.length <= MAX_NUMBERS &&
		callees.every(isNumber) &&
		files.some(({ fileId }) => fileId === body.fileId)
	);
}

function hasCommonFields({
	appId,
	displayNum,
	loopCount,
	calledInfo,
	maxDuration,
	maxRingingTime,
}: Body): boolean {
	return (
		isFilled(appId) &&
		(displayNum === undefined || isNumber(displayNum)) &&
		(loopCount === undefined || isInt(loopCount, 1, 9)) &&
		(calledInfo === undefined || (typeof calledInfo === 'string' && calledInfo.length <= 1000)) &&
		(maxDuration === undefined || isInt(maxDuration, 1, 120)) &&
		(maxRingingTime === undefined || isInt(maxRingingTime, 20, 120))
	);
}

/** A phone number as the service takes it. */
export function isNumber(value: unknown): value is string {
	return typeof value === 'string' && /^\d{7,15}$/.test(value);
}

function textOf(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
