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
	/** What to do about a status, where this request can say it better than the table of all, which knows no parameters. */
	hints?: ReadonlyMap<string, string>;
	/** Statuses that answer this request instead of refusing it. */
	answeredBy?: { statuses: string[]; value: T };
	/** What a refusal means for this request, if it is not what it means for one that only reads. */
	readRefusal?(refusal: Refusal): Refusal;
}

/** A call record as the API sends it. Only `voiceId` is guaranteed, and always text. */
export interface WireRecord extends IDataObject {
	voiceId: string;
}

/** Which page of a list, counted from 1, and how many rows it has at most: 1 to 100. */
export interface WantedPage {
	current: number;
	size: number;
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

/** Two times as the API expects them: in a window ISO 8601 with offset, to the second. */
export interface TimeSpan {
	strTime: string;
	endTime: string;
}

/** In the currency of the account, which the service does not name. */
export interface Balance extends IDataObject {
	balance: number;
	/** Null where the service does not say it. */
	gift: number | null;
	credit: number | null;
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

export interface CampaignNumber {
	/** Digits alone. */
	calledNumber: string;
	/** `text1` to `text5`, empty where one is not set. */
	variables?: string[];
}

/** What is played to whoever answers, by the names of the API. */
export type CampaignMessage = { source: 1; voiceFileId: string } | { source: 3; text: string; lan: string };

export interface NewCampaign {
	/** Unique in the account, 2 to 64 characters. */
	name: string;
	/** At most 100,000. */
	numbers: CampaignNumber[];
	message: CampaignMessage;
	appId: string;
	displayNum?: string;
	loopCount: number;
	/** Seconds, like `maxRingingTime`. */
	maxDuration: number;
	maxRingingTime?: number;
	/** Unix milliseconds; absent: at once. */
	startMs?: number;
	/** By the clock of the service, `HH:mm`. */
	callingHours?: TimeSpan[];
}

export interface Campaign {
	campaignId: string;
	name: string;
	/** A word of `CAMPAIGN_STATUSES`, or the number of one that no page names. */
	status: string | null;
	numbers: number | null;
	called: number | null;
	answered: number | null;
	failed: number | null;
	keysPressed: number | null;
	/** Seconds, like `chargedDuration`. */
	callDuration: number | null;
	chargedDuration: number | null;
	/** ISO 8601 with offset, like the other times. */
	createdAt: string | null;
	startAt: string | null;
	finishedAt: string | null;
	/** As the API sent it. */
	wire: IDataObject;
}

export interface CampaignSearch {
	/** Unix seconds, both included. */
	fromS: number;
	toS: number;
	/** Words of `CAMPAIGN_STATUSES`. */
	statuses?: string[];
	/** Part of the name: the service also looks in the name of the file and in the text. */
	text?: string;
}

export interface CampaignPage {
	campaigns: Campaign[];
	/** Absent where the service did not count. */
	total?: number;
	/** Rows that cannot be output, as they have no ID: theirs is empty. */
	withoutId: Campaign[];
}

/** The new campaign of a request that was answered; its ID is `null` where the answer does not say it. */
export interface CreatedCampaign {
	campaignId: string | null;
	/** There is a campaign of this name already, and no new one. */
	isNameTaken: boolean;
}

export interface NewFile {
	/** With its ending, unique in the account, 5 to 32 characters. */
	fileName: string;
	/** Base64. */
	file: string;
}

export interface UploadedFile {
	fileId: string | null;
	isNameTaken: boolean;
}
