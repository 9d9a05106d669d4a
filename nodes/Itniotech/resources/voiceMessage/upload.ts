import { UserError, type INodeExecutionData } from 'n8n-workflow';
import type { AudioFile } from '../../api/types';
import { numberText } from '../../records/output/text';
import { foldText, isEmpty, readText } from '../../records/query/parameters';
import { refuseEmptyExpression } from '../expressions';
import type { OperationRun } from '../operationRun';
import { readId } from '../placing/readMessage';

const MIN_FILE_NAME_LENGTH = 5;
/** Source: the vendor's page "voice file upload". */
const MAX_FILE_NAME_LENGTH = 32;
const ENDING = /\.(mp3|m4a|wav)$/i;
const FILES_PER_PAGE = 100;
const MAX_PAGES = 50;
const EMPTY_NAME = 'Check the expression, or clear the field to use the name that the file has';
const FILE_WITHOUT_ID =
	'ITNIO TECH stored a file without returning its ID, and the node did not find it in the list: choose it later under "Audio File" in "Send Audio File Call"';

/** Stores an audio file of an input item at ITNIO. A name that exists is never stored twice. */
export async function uploadFile(run: OperationRun): Promise<INodeExecutionData[]> {
	const { api, context, itemIndex, isTool } = run;
	if (isTool) {
		throw new UserError('"Upload Audio File" is not available to AI agents', {
			description: 'An agent has no file. Upload it in a node of the workflow.',
		});
	}
	const field = readText(
		run.parameter('binaryPropertyName'),
		'Input Binary Field',
		'Enter a name, e.g. data',
	);
	const binary = context.helpers.assertBinaryData(itemIndex, field);
	const given = run.parameter('fileName');
	refuseEmptyExpression(run, { path: 'fileName', value: given, displayName: 'File Name' }, EMPTY_NAME);
	const written = readId(isEmpty(given) ? binary.fileName : given, 'File Name', NAMING);
	const fileName = checkFileName(written.normalize('NFC').replace(/[\p{Cf}\p{Cc}]/gu, ''));
	const content = await context.helpers.getBinaryDataBuffer(itemIndex, field);
	if (content.length === 0) throw new UserError(`The file in "${field}" is empty`);
	const { fileId: answeredId, isNameTaken } = await api.uploadFile({
		fileName,
		file: content.toString('base64'),
	});
	if (!isNameTaken && answeredId !== null) return [{ json: { fileId: answeredId, fileName } }];
	// The file is stored already, whatever becomes of the list.
	const found = await findFile(run, fileName).catch(() => undefined);
	if (!isNameTaken) {
		const fileId = found?.fileName === fileName ? found.fileId : null;
		if (fileId === null) run.hint(FILE_WITHOUT_ID);
		return [{ json: { fileId, fileName } }];
	}
	throw new UserError(`ITNIO TECH already has an audio file named ${found?.fileName ?? fileName}`, {
		description: `${found ? `Its ID is ${found.fileId}. ` : ''}Use it, or upload this one with another "File Name".`,
	});
}

const NAMING = `Enter ${MIN_FILE_NAME_LENGTH} to ${MAX_FILE_NAME_LENGTH} characters that end in .mp3, .m4a or .wav`;

function checkFileName(name: string): string {
	const { length } = [...name];
	if (length >= MIN_FILE_NAME_LENGTH && length <= MAX_FILE_NAME_LENGTH && ENDING.test(name)) return name;
	const fault = ENDING.test(name) ? `has ${numberText(length)} characters` : 'is not that of an audio file';
	throw new UserError(`"File Name" ${fault}: ${name.slice(0, 80)}`, { description: NAMING });
}

/** The file of this name; without one, a file whose name the service may take for the same. */
async function findFile({ api }: OperationRun, fileName: string): Promise<AudioFile | undefined> {
	let similar: AudioFile | undefined;
	const seen = new Set<string>();
	for (let current = 1; current <= MAX_PAGES; current++) {
		const files = await api.fetchFiles({ current, size: FILES_PER_PAGE });
		const found = files.find((file) => file.fileName === fileName);
		// The service may have a smaller maximum than was asked for, so only a page without another file is the last.
		similar ??= files.find((file) => foldText(file.fileName) === foldText(fileName));
		if (found || files.every(({ fileId }) => seen.has(fileId))) return found ?? similar;
		for (const { fileId } of files) seen.add(fileId);
	}
	return similar;
}
