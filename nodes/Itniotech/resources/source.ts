import { fetchRecordPage } from '../api/endpoints';
import type { Api } from '../api/request';
import type { RecordSource } from '../records/scan';

/** The list of call records of the API, as the pipeline reads it. */
export function recordSource(api: Api): RecordSource {
	return {
		fetchPage: async (span, current, size, signal) => await fetchRecordPage(api, span, current, size, signal),
		width: (wanted) => api.width(wanted),
	};
}
