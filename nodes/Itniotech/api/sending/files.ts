import type { ApiRequest, AudioFile } from '../types';
import { isRecord } from '../values';

/** One page of the audio files of the account. Source: the vendor's page "voice file query". */
export function filesRequest(current: number, size: number): ApiRequest<AudioFile[]> {
	return {
		method: 'POST',
		path: '/voice/fileQuery',
		body: { current, size },
		read: ({ data }) => {
			const records = isRecord(data) ? (data.records ?? []) : undefined;
			if (!Array.isArray(records)) return undefined;
			return records
				.filter(isRecord)
				.map(({ fileId, fileName }) => ({ fileId: String(fileId ?? ''), fileName: String(fileName ?? '') }))
				.filter(({ fileId }) => fileId !== '');
		},
	};
}
