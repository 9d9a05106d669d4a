import { UserError, type INodeExecutionData } from 'n8n-workflow';
import { refuseEmptyFilters } from '../../../records/query/emptyFilters';
import { FILTER_NAMES } from '../../../records/query/filters';
import { localTimeIn } from '../../../records/output/localTime';
import { isEmpty, readCollection, readWholeNumber } from '../../../records/query/parameters';
import { refuseEmptyExpressions } from '../../expressions';
import type { OperationRun } from '../../operationRun';
import { startReading } from '../reading/startReading';
import { NumberAttempts, type Attempts } from './attempts';
import { DEFAULT_MAX_ATTEMPTS, DEFAULT_MINIMUM_AGE, FILTERS_BY_OUTCOME, UNREACHED_OPTIONS } from './fields';
import { LeftOut } from './leftOut';
import { readCodes } from './terminationCodes';

const ATTEMPTS_HINT =
	'Attempts are those of the time range: calls to these numbers before it are not counted';
const UP_TO_NOW_HINT = 'Answers, calls that have not ended and last calls are read up to now';

/**
 * Numbers with calls in a time range that nobody has answered up to now and that another call may reach, the latest call
 * first.
 */
export async function listUnreached(run: OperationRun): Promise<INodeExecutionData[]> {
	const { minimumAgeS, ...rule } = readUnreachedSettings(run);
	const { query, batches } = await startReading(run, { needsAll: true });
	const numbers = new NumberAttempts(query.range.toS);
	for await (const records of batches) {
		for (const record of records) numbers.add(record);
	}
	const leftOut = run.nodeRun.once(LeftOut.createFor);
	const selected = leftOut.select(numbers, {
		...rule,
		latestS: query.nowS - minimumAgeS,
		isFiltered: query.isWanted !== undefined,
	});
	if (selected.length > 0) run.hint(ATTEMPTS_HINT);
	if (query.range.toS < query.nowS) run.hint(UP_TO_NOW_HINT);
	const toLocalTime = localTimeIn(query.zone);
	return selected.map((last) => ({ json: toJson(last, toLocalTime) }));
}

function toJson(last: Attempts, toLocalTime: ReturnType<typeof localTimeIn>) {
	return {
		calledNumber: last.calledNumber,
		attempts: last.attempts,
		lastSubmitTime: toLocalTime(last.lastSubmitTime),
		lastTerminationCode: last.lastTerminationCode,
		lastTerminationReason: last.lastTerminationReason,
		area: last.area,
		calledInfo: last.calledInfo,
		voiceId: last.voiceId,
	};
}

function readUnreachedSettings(run: OperationRun) {
	const { context, options } = run;
	refuseHidingAnswers(run, options.incompleteLists);
	refuseEmptyFilters(run.parameter('filters'), context.getNode().parameters.filters);
	refuseEmptyExpressions(run, UNREACHED_OPTIONS);
	const maxAttempts = run.parameter('maxAttempts', DEFAULT_MAX_ATTEMPTS);
	const minimumAge = isEmpty(options.minimumAge) ? DEFAULT_MINIMUM_AGE : options.minimumAge;
	return {
		maxAttempts: readWholeNumber(maxAttempts, 'Max Attempts', { min: 1 }),
		minimumAgeS: 60 * readWholeNumber(minimumAge, 'Minimum Age (Minutes)', { min: 0 }),
		isWorthTrying: readCodes(options.terminationCodes),
	};
}

/** Whoever has answered a call that is not seen here would be called again. n8n's editor offers none of these. */
function refuseHidingAnswers(run: OperationRun, incompleteLists: unknown): void {
	const filters = Object.entries(readCollection(run.parameter('filters'), 'Filters', FILTER_NAMES));
	const hiding = filters.find(
		([name, filter]) => FILTERS_BY_OUTCOME.includes(name) && !isEmpty(filter) && filter !== 'all',
	);
	const [displayName, name] = hiding
		? ['Filters', hiding[0]]
		: incompleteLists === 'continue'
			? ['Options', 'incompleteLists']
			: [];
	if (displayName === undefined) return;
	throw new UserError(`"${displayName}" of unreached numbers cannot have ${name}`, {
		description: `It may hide calls that were answered, and their numbers would be called again. Remove it.`,
	});
}
