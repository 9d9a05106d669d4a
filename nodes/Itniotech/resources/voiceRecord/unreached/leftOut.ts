import { listText, numberText } from '../../../records/output/text';
import type { NodeRun } from '../../operationRun';
import type { Attempts, NumberAttempts } from './attempts';
import { MAX_QUOTED_LENGTH } from '../../../records/query/parameters';

const MAX_CODES = 5;
const NO_CALL = 'No number was called in the time range';
const NO_MATCH = 'No call in the time range matches the filters';

interface CallableRule {
	maxAttempts: number;
	/** Unix time in seconds: later calls are too young. */
	latestS: number;
	isWorthTrying(code: string | null): boolean;
	/** Whether only some calls count. */
	isFiltered: boolean;
}

/** Why numbers are not output, over all input items, so that an empty output says why. */
export class LeftOut {
	private items = 0;
	private isFiltered = false;
	private listed = 0;
	private answered = 0;
	private open = 0;
	private attempts = 0;
	private age = 0;
	private readonly codes = new Map<string, number>();
	private notNumbers = 0;
	private example?: string | null;

	static createFor(this: void, nodeRun: NodeRun): LeftOut {
		const leftOut = new LeftOut();
		nodeRun.atEnd(() => leftOut.hints().forEach((text) => nodeRun.hint(text)));
		return leftOut;
	}

	/** The numbers that another call may reach; the others are counted. */
	select(numbers: NumberAttempts, rule: CallableRule): Attempts[] {
		this.items++;
		this.isFiltered ||= rule.isFiltered;
		this.answered += numbers.count('answered');
		this.open += numbers.count('open');
		this.notNumbers += numbers.notNumbers;
		this.example ??= numbers.firstNotNumber;
		const selected = numbers.unanswered().filter((last) => this.passes(last, rule));
		this.listed += selected.length;
		return selected;
	}

	private passes(
		{ attempts, lastS, isVoicemail, lastTerminationCode }: Attempts,
		rule: CallableRule,
	): boolean {
		if (attempts >= rule.maxAttempts) this.attempts++;
		else if (!isVoicemail && !rule.isWorthTrying(lastTerminationCode)) {
			const code = lastTerminationCode ?? 'no code';
			this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
		} else if (lastS > rule.latestS) this.age++;
		else return true;
		return false;
	}

	private hints(): string[] {
		const codes = [...this.codes].sort(([a, aCount], [b, bCount]) => bCount - aCount || (a < b ? -1 : 1));
		const byCode = codes.reduce((sum, [, count]) => sum + count, 0);
		const codeTexts = codes.map(([code, count]) => `${code}: ${numberText(count)}`);
		const reasons = [
			[byCode, `by the code of their last call (${listText(codeTexts, MAX_CODES)})`],
			[this.attempts, 'by "Max Attempts"'],
			[this.age, 'by "Minimum Age (Minutes)"'],
			[this.answered, 'answered'],
			[this.open, 'with a call that has not ended'],
		] as const;
		const texts = reasons
			.filter(([count]) => count > 0)
			.map(([count, reason]) => `${numberText(count)} ${reason}`);
		// Input items may have numbers in common.
		const sum = this.items > 1 ? `, added up over ${numberText(this.items)} input items` : '';
		const hints = texts.length > 0 ? [`Numbers left out${sum}: ${texts.join(', ')}`] : [];
		if (this.notNumbers > 0) {
			const example = this.example ? `, e.g. ${this.example.slice(0, MAX_QUOTED_LENGTH)}` : '';
			hints.push(
				`Calls left out because what was called is not one whole phone number${sum}: ${numberText(this.notNumbers)}${example}`,
			);
		}
		if (this.listed === 0 && hints.length === 0) hints.push(this.isFiltered ? NO_MATCH : NO_CALL);
		return hints;
	}
}
