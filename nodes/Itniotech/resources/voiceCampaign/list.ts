import { DateTime } from 'luxon';
import type { INodeExecutionData } from 'n8n-workflow';
import { CAMPAIGN_STATUSES } from '../../api/campaignValues';
import type { Campaign, CampaignPage, CampaignSearch } from '../../api/types';
import type { TimeRange } from '../../records/calendar';
import { numberText } from '../../records/output/text';
import { notAppliedHint } from '../../records/query/emptyFilters';
import { hasParts } from '../../records/query/filters';
import {
	foldText,
	isEmpty,
	isExpression,
	readBoolean,
	readChoices,
	readCollection,
	readText,
} from '../../records/query/parameters';
import { DEFAULT_LIMIT, readLimit, readZone } from '../../records/query/query';
import { readRange } from '../../records/query/timeRange';
import { LISTED_CAMPAIGN } from '../../reports/summary/campaigns';
import { writtenValue } from '../expressions';
import type { OperationRun } from '../operationRun';
import { readCampaignOutput } from './execute';
import { listCampaigns } from './findCampaigns';

const MORE_LISTED =
	'There are more campaigns than are shown. To see the others, choose a shorter time range, add filters, or raise the limit.';
/** Nothing says how long the service keeps campaigns. */
const EARLIEST = DateTime.fromSeconds(0);
const CAMPAIGN_FILTERS = { status: 'Status', name: 'Name' };
const CAMPAIGN_FILTER_NAMES = ['status', 'name'] as const;

/** The campaigns of a time range. Reads no page that the limit does not need. */
export async function getCampaigns(run: OperationRun): Promise<INodeExecutionData[]> {
	const toOutput = readCampaignOutput(run, LISTED_CAMPAIGN);
	// An agent gets no more than it can read.
	const isLimited = run.isTool || !readBoolean(run.parameter('returnAll') ?? false, 'Return All');
	const limit = isLimited ? readLimit(run.parameter('limit') ?? DEFAULT_LIMIT) : Infinity;
	const { isWanted, statuses } = readFilters(run);
	const items: INodeExecutionData[] = [];
	const count = new ListCount();
	const search = { ...rangeOfRun(run), statuses };
	// One more shows an agent that there are more.
	const wanted = run.isTool ? limit + 1 : limit;
	for await (const campaigns of listCampaigns(run.api, search, (page, range) => count.add(page, range))) {
		count.listed += campaigns.length;
		for (const campaign of campaigns.filter(isWanted)) {
			if (items.length < wanted) items.push({ json: toOutput(campaign) });
		}
		if (items.length >= wanted) break;
	}
	addListCaveats(run, count, items.length < wanted);
	if (items.length > limit) run.caveat(MORE_LISTED);
	return items.slice(0, limit);
}

function addListCaveats({ caveat }: OperationRun, count: ListCount, isWhole: boolean): void {
	const { withoutId, total, mostListed } = count;
	if (withoutId > 0)
		caveat(
			`ITNIO TECH lists campaigns without an ID, which cannot be output: at least ${numberText(withoutId)}`,
		);
	const listed = withoutId > 0 ? `at most ${numberText(mostListed)}` : numberText(mostListed);
	if (isWhole && count.isIncomplete)
		caveat(`ITNIO TECH counts ${numberText(total)} campaigns in this time range, but lists ${listed}`);
}

/** What a list says of itself. */
class ListCount {
	listed = 0;
	total = 0;
	/** The most of one page: the service may repeat a page, or list a row of two ranges twice. */
	withoutId = 0;
	private withoutIdOnPages = 0;
	private readonly starts = new Set<number>();

	add({ total = 0, withoutId }: CampaignPage, { fromS }: TimeRange): void {
		this.total = Math.max(this.total, total);
		this.withoutId = Math.max(this.withoutId, withoutId.length);
		this.withoutIdOnPages += withoutId.length;
		this.starts.add(fromS);
	}

	/** As if no page was repeated. */
	get mostListed(): number {
		return this.listed + this.withoutIdOnPages;
	}

	/** Where the list was read in several ranges, one campaign may count in two of them. */
	get isIncomplete(): boolean {
		return this.starts.size === 1 && this.total > this.mostListed;
	}
}

function rangeOfRun(run: OperationRun): Pick<CampaignSearch, 'fromS' | 'toS'> {
	const { context, nodeRun, options } = run;
	const zone = readZone(options.timezone, context.getTimezone());
	const [timeRange, startTime, endTime] = ['timeRange', 'startTime', 'endTime'].map((name) =>
		run.parameter(name),
	);
	const now = DateTime.fromMillis(nodeRun.now(), { zone });
	const { fromS, toS } = readRange({ timeRange, startTime, endTime }, now, EARLIEST);
	return { fromS, toS };
}

/** The service searches names fuzzily, and may leave out the status: both are compared here. */
function readFilters(run: OperationRun): {
	isWanted: (campaign: Campaign) => boolean;
	statuses?: string[];
} {
	const filters = readCollection(run.parameter('filters'), 'Filters', CAMPAIGN_FILTER_NAMES);
	addEmptyHint(run, filters);
	const statuses = isEmpty(filters.status) ? [] : readChoices(filters.status, 'Status', CAMPAIGN_STATUSES);
	const parts = isEmpty(filters.name)
		? undefined
		: foldText(readText(filters.name, 'Name', 'Enter the name of a campaign')).split('*');
	return {
		isWanted: ({ name, status }) =>
			(statuses.length === 0 || statuses.some((wanted) => wanted === status)) &&
			(parts === undefined || hasParts(foldText(name), parts)),
		...(statuses.length > 0 && { statuses }),
	};
}

function addEmptyHint({ context, hint }: OperationRun, filters: Record<string, unknown>): void {
	const names = CAMPAIGN_FILTER_NAMES.filter((name) => {
		const expression = writtenValue(context, `filters.${name}`);
		return isExpression(expression) && isEmpty(filters[name]);
	});
	const notApplied = notAppliedHint(names.map((name) => CAMPAIGN_FILTERS[name]));
	if (notApplied !== undefined) hint(notApplied);
}
