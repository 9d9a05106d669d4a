import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

export type ApiContext =
	| IExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| IPollFunctions
	| IWebhookFunctions;

/** A call record as the API sends it. Only `voiceId` is guaranteed, and always text. */
export interface WireRecord extends IDataObject {
	voiceId: string;
}

export interface RecordPage {
	records: WireRecord[];
	/** Cannot be told apart from one another. */
	rowsWithoutId?: IDataObject[];
	/** In the whole window, like `pages`; both are missing where the service did not count. */
	total?: number;
	pages?: number;
	/** Rows per page, which may be fewer than were requested. */
	size?: number;
	/** The service refused a page after the first: the list ended before, or is longer than the service reads. */
	isRefused?: boolean;
}

/** A window as the API expects it: ISO 8601 with offset, to the second. */
export interface TimeSpan {
	strTime: string;
	endTime: string;
}

/** In the currency of the account, which the service does not name. */
export interface Balance extends IDataObject {
	balance: number;
	gift: number;
	credit: number;
}
