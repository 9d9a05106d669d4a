import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

/** The n8n contexts that can reach the API. */
export type ApiContext = IExecuteFunctions | IHookFunctions | IPollFunctions | IWebhookFunctions;

/** A call record as the API sends it. Only `voiceId` is sure to be there, and it is always text here. */
export interface WireRecord extends IDataObject {
	voiceId: string;
}

/** One page of call records. */
export interface RecordPage {
	records: WireRecord[];
	/** Rows in the whole range; `undefined` where the service did not count them. */
	total?: number;
	/** Pages in the whole range, counted by the service; `undefined` where it did not count. */
	pages?: number;
}

/** A range of time as the API takes it: ISO 8601 with offset, to the second. */
export interface TimeSpan {
	strTime: string;
	endTime: string;
}

/** Account balance in the account's currency (the service does not say which). */
export interface Balance extends IDataObject {
	balance: number;
	gift: number;
	credit: number;
}
