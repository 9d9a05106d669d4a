import {
	OperationalError,
	type IBinaryData,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { isEmpty, readText } from '../../records/query/parameters';

const DEFAULT_FIELD = 'data';

export const binaryFieldOption: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: DEFAULT_FIELD,
	description: 'Name of the output binary field to put the file in',
};

export function readBinaryField(field: unknown): string {
	return isEmpty(field)
		? DEFAULT_FIELD
		: readText(field, 'Put Output File in Field', 'Enter a name, e.g. data');
}

/** @throws OperationalError if n8n cannot store it */
export async function storeFile(
	context: IExecuteFunctions,
	content: Buffer,
	{ fileName, mimeType }: { fileName: string; mimeType: string },
): Promise<IBinaryData> {
	try {
		return await context.helpers.prepareBinaryData(content, fileName, mimeType);
	} catch (error) {
		const refusal = new OperationalError(`n8n could not store the file ${fileName}`, {
			description: `Check the disk space and the binary data storage of this n8n server (${(error as Error).message})`,
		});
		throw refusal;
	}
}
