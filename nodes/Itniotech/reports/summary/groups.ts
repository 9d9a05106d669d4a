import type { CallFacts } from '../figures/callFacts';
import { Figures, type FigureOptions } from '../figures/figures';
import type { GroupId } from './groupIds';

/** As many calls take less memory than the figures of their group, of which there may be a million. */
const MAX_FEW_CALLS = 4;

/** The figures of groups of calls. Those of a group with few calls are made when they are asked for. */
export class Groups {
	private readonly calls = new Map<GroupId, readonly CallFacts[] | Figures>();

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
		const calls = this.calls.get(id) ?? [];
		if (calls instanceof Figures) {
			calls.add(facts);
		} else if (calls.length < MAX_FEW_CALLS) {
			// A list of exactly this length: one that grows makes room for seventeen.
			this.calls.set(id, [...calls, facts]);
		} else {
			const figures = this.figuresIn(calls);
			figures.add(facts);
			this.calls.set(id, figures);
		}
	}

	/** Zeros for a group that is not there. */
	figuresOf(id: GroupId): Figures {
		const calls = this.calls.get(id) ?? [];
		return calls instanceof Figures ? calls : this.figuresIn(calls);
	}

	private figuresIn(calls: readonly CallFacts[]): Figures {
		const figures = new Figures(this.options);
		for (const facts of calls) figures.add(facts);
		return figures;
	}
}
