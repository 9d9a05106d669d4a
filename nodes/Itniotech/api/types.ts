import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
	JsonObject,
} from 'n8n-workflow';
import type { Refusal } from './answer';

export type ApiContext =
	| IExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| IPollFunctions
	| IWebhookFunctions;

export interface ApiRequest<T> {
	method: 'GET' | 'POST';
	/** Begins with `/`. */
	path: string;
	body?: IDataObject;
	/** Reads the body of a success; `undefined` where it is not what the API is known to send. */
	read(body: JsonObject): T | undefined;
	/** A status that answers this request instead of refusing it. */
	answeredBy?: { status: string; value: T };
	/** What a refusal means for this request, if it is not what it means for one that only reads. */
	readRefusal?(refusal: Refusal): Refusal;
}

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

export interface AudioFile {
	fileId: string;
	fileName: string;
}

/** What both kinds of calls have, by the names of the API. */
interface CallFields {
	appId: string;
	/** A reference that the record of the call repeats. */
	calledInfo: string;
	displayNum?: string;
	loopCount?: number;
	/** Seconds, like `maxRingingTime`. */
	maxDuration?: number;
	maxRingingTime?: number;
}

export interface TextCall extends CallFields {
	/** Digits alone, like `calledNumbers`. */
	calledNumber: string;
	text: string;
	language: string;
	recallCount?: number;
	/** Minutes. */
	recallInterval?: number;
	speakingRate?: number;
	/** 1: male, 2: female. */
	ssmlGender?: number;
	accent?: string;
}

export interface FileCall extends CallFields {
	/** At most 200. */
	calledNumbers: string[];
	fileId: string;
}

// A type, as only that is an IDataObject.
export type PlacedCall = {
	calledNumber: string;
	/** `unknown`: sent, but no readable answer came for this number. `skipped`: nothing was sent for it. */
	status: 'submitted' | 'refused' | 'unknown' | 'skipped';
	reason: string | null;
	voiceId: string | null;
	calledInfo: string;
};
