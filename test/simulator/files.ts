import type { Behaviour } from './behaviour';
import { isFilled, isInt, isObject } from './values';
import { envelopeAnswer, jsonObject, type Answer } from './wire';

const DEFAULT_PAGE_SIZE = 25;

/** `POST /voice/fileQuery` */
export function answerFiles(body: unknown, behaviour: Behaviour): Answer {
	if (!isObject(body)) return envelopeAnswer(behaviour, '-22');
	const { current = 1, size = DEFAULT_PAGE_SIZE } = body;
	if (!isInt(current, 1, Infinity) || !isInt(size, 1, 100)) return envelopeAnswer(behaviour, '-22');
	const { files, maxSize } = behaviour;
	const listed = Math.min(size, maxSize);
	const start = (current - 1) * listed;
	const data = jsonObject({
		total: String(files.length),
		size: String(size),
		current: String(current),
		pages: String(Math.ceil(files.length / listed)),
		searchCount: 'true',
		records: JSON.stringify(files.slice(start, start + listed)),
	});
	return envelopeAnswer(behaviour, '0', { data });
}

/** `POST /voice/fileUpload`: the file is one of the account from then on. */
export function uploadFile(body: unknown, behaviour: Behaviour): Answer {
	if (!isObject(body) || !isFilled(body.fileName) || !isFilled(body.file)) {
		return envelopeAnswer(behaviour, '-22');
	}
	const { fileName, file } = body;
	if (!/^.{1,28}\.(mp3|m4a|wav)$/i.test(fileName) || fileName.length < 5 || !isBase64(file)) {
		return envelopeAnswer(behaviour, '-21');
	}
	if (behaviour.files.some((known) => known.fileName === fileName)) return envelopeAnswer(behaviour, '-20');
	const fileId = `1202202260${String(behaviour.files.length).padStart(32, 'b')}.${fileName.split('.').pop()}`;
	behaviour.files = [...behaviour.files, { fileId, fileName }];
	return envelopeAnswer(behaviour, '0', { data: JSON.stringify(fileId) });
}

function isBase64(text: string): boolean {
	const bytes = Buffer.from(text, 'base64');
	return bytes.length > 0 && bytes.toString('base64') === text;
}
