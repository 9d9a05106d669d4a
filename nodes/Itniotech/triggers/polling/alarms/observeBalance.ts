import { numberText } from '../../../records/output/text';
import type { PollRun } from '../pollRun';
import type { GroupReading, Observation } from './observation';
import type { AlarmRule } from './readRule';
import { fractionOf, isCrossed, verdictOn, type Value } from './verdict';

/** Triggers whose last poll in this process knew that the balance was not below the threshold. */
const notLow = new Set<string>();

/**
 * @param trigger `undefined` for a test in the editor
 * @throws OperationalError with a balance that cannot be read
 */
export async function observeBalance(
	{ api, settings: rule, time }: PollRun<AlarmRule>,
	trigger = '',
): Promise<Observation> {
	const wasNotLow = notLow.delete(trigger);
	const { balance } = await api.fetchBalance();
	time.check();
	const value: Value = { exact: fractionOf(balance), isPart: false };
	if (isCrossed(rule, value) === false) notLow.add(trigger);
	const reading: GroupReading = {
		group: '',
		value,
		number: balance,
		text: numberText(balance),
		details: '',
		calls: 0,
		verdict: verdictOn(rule, value),
		isKnown: true,
		hasTooFewCalls: false,
	};
	return {
		readingsWith: () => [reading],
		noun: 'the balance',
		unitTextOf: () => '',
		mayBeEarlier: () => !wasNotLow,
		details: [],
		fieldsOf: () => ({ balance, threshold: rule.threshold }),
	};
}
