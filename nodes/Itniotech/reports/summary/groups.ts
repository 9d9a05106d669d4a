import type { CallFacts } from '../figures/callFacts';
import { Figures, type FigureOptions } from '../figures/figures';
import type { GroupId } from './groupIds';

/** As many calls take less memory than the figures of their group, of which there may be a million. */
const MAX_FEW_CALLS = 4;
/** There are some dozens, unless a service writes a number into each. */
const MAX_SHARED_REASONS = 1000;

/** The figures of groups of calls. Those of a group with few calls are made when they are asked for. */
export class Groups {
	/** A single call stands for itself. */
	private readonly calls = new Map<GroupId, CallFacts | readonly CallFacts[] | Figures>();
	/** Each once: a record has its own copy of its texts. */
	private readonly reasons = new Map<string, string>();

	constructor(private readonly options: FigureOptions) {}

	get size(): number {
		return this.calls.size;
	}

	ids(): IterableIterator<GroupId> {
		return this.calls.keys();
	}

	has(id: GroupId): boolean {
		return this.calls.has(id);
	}

	/** Also for a group without calls. */
	open(id: GroupId): void {
		if (!this.calls.has(id)) this.calls.set(id, []);
	}

	add(id: GroupId, facts: CallFacts): void {
		const calls = this.calls.get(id);
		if (calls instanceof Figures) return calls.add(facts);
		facts.terminationReason = this.sharedReason(facts.terminationReason);
		const few = callsIn(calls);
		if (few.length === 0) {
			this.calls.set(id, facts);
		} else if (few.length < MAX_FEW_CALLS) {
			// A list of exactly this length: one that grows makes room for seventeen.
			this.calls.set(id, [...few, facts]);
		} else {
			const figures = this.figuresIn(few);
			figures.add(facts);
			this.calls.set(id, figures);
		}
	}

	/** Zeros for a group that is not there. */
	figuresOf(id: GroupId): Figures {
		const calls = this.calls.get(id);
		return calls instanceof Figures ? calls : this.figuresIn(callsIn(calls));
	}

	/** Without details, which take longer: to sort by. */
	briefFiguresOf(id: GroupId): Figures {
		const calls = this.calls.get(id);
		if (calls instanceof Figures) return calls;
		return this.figuresIn(callsIn(calls), { ...this.options, includeDetails: false });
	}

	private figuresIn(calls: readonly CallFacts[], options = this.options): Figures {
		const figures = new Figures(options);
		for (const facts of calls) figures.add(facts);
		return figures;
	}

	private sharedReason(reason: string): string {
		const known = this.reasons.get(reason);
		if (known !== undefined) return known;
		if (this.reasons.size < MAX_SHARED_REASONS) this.reasons.set(reason, reason);
		return reason;
	}
}

function callsIn(calls: CallFacts | readonly CallFacts[] = []): readonly CallFacts[] {
	return 'outcome' in calls ? [calls] : calls;
}
