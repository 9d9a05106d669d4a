import type { Behaviour } from '../behaviour';
import { isNumber } from '../placing';
import { isFilled, isInt, isObject, type Body } from '../values';
import type { TaskOrder } from './task';
import { parseHourOfDay, parseTaskTime, type Hours } from './taskTime';

const MAX_NUMBERS = 100_000;
const MAX_WINDOWS = 3;
const MAX_TEXT_LENGTH = 1000;

/** What a request to create a task asks for, or the status that refuses it. */
export function readOrder(body: unknown, behaviour: Behaviour): TaskOrder | string {
	if (!isObject(body)) return '-22';
	const numbers = numbersOf(body, behaviour);
	if (numbers === undefined || numbers.length === 0) return '-35';
	if (numbers.length > MAX_NUMBERS) return '-23';
	if (!numbers.every(isNumber)) return '-22';
	if (!isInt(body.loopCount, 1, 9) || !isInt(body.maxCalls, 1, 999)) return '-22';
	return readWithoutNumbers(body, numbers, behaviour);
}

/** What a request to call the numbers of a task again asks for, or the status that refuses it. */
export function readWithoutNumbers(body: Body, numbers: string[], behaviour: Behaviour): TaskOrder | string {
	const {
		appId,
		taskName,
		sendTime = null,
		displayNum,
		loopCount = 1,
		maxCalls = 999,
		maxRingingTime = 60,
	} = body;
	const sendMs = parseTaskTime(sendTime, behaviour.taskZoneHours);
	const hours = hoursOf(body.allowSendTime);
	const isRight =
		isFilled(appId) &&
		(sendTime === null || sendMs !== undefined) &&
		hours !== undefined &&
		(displayNum === undefined || displayNum === null || /^\d{0,20}$/.test(String(displayNum))) &&
		isInt(loopCount, 1, 9) &&
		isInt(maxCalls, 1, 999) &&
		isInt(maxRingingTime, 20, 120) &&
		hasContent(body, behaviour);
	if (!isRight) return '-22';
	if (typeof taskName !== 'string' || [...taskName].length < 2 || [...taskName].length > 64) return '-21';
	const content = {
		source: Number(body.source),
		voiceFileId: textOf(body.voiceFileId),
		text: textOf(body.text),
		lan: textOf(body.lan),
		displayNum: textOf(displayNum),
	};
	return { taskName, appId, loopCount, maxCalls, numbers, hours, sendMs, ...content };
}

function numbersOf(body: Body, { taskNumbers }: Behaviour): unknown[] | undefined {
	const { numberInfoList, numberList } = body;
	if (Array.isArray(numberInfoList) && taskNumbers !== 'numberList') {
		return numberInfoList.map((each: unknown) => (isObject(each) ? each.calleeNumber : undefined));
	}
	return Array.isArray(numberList) && taskNumbers !== 'numberInfoList' ? numberList : undefined;
}

function hasContent({ source, voiceFileId, text, lan }: Body, { files }: Behaviour): boolean {
	if (source === 1) return files.some(({ fileId }) => fileId === voiceFileId);
	return source === 3 && isFilled(text) && [...text].length <= MAX_TEXT_LENGTH && isFilled(lan);
}

function hoursOf(windows: unknown): Hours[] | undefined {
	if (windows === undefined || windows === null) return [];
	if (!Array.isArray(windows) || windows.length > MAX_WINDOWS) return undefined;
	const hours: Hours[] = [];
	for (const window of windows) {
		if (!isObject(window)) return undefined;
		const from = parseHourOfDay(window.strTime);
		const to = parseHourOfDay(window.endTime);
		if (from === undefined || to === undefined) return undefined;
		hours.push({ from, to });
	}
	return hours;
}

function textOf(value: unknown): string | undefined {
	return isFilled(value) ? value : undefined;
}
