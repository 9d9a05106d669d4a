import type { WireRecord } from '../../api/types';
import type { Confirmation } from './confirm';
import { Mark, SeenCalls } from '../seenCalls';

/**
 * Looks reported calls up. Never throws.
 * @param isLastTry whether a call that is not found now counts as unknown
 */
export type Confirm = (reports: WireRecord[], isLastTry: boolean) => Promise<Confirmation>;

/** Where time comes from; a test sets its own. */
export interface InboxClock {
	/** Unix time in milliseconds. */
	now(): number;
	sleep(ms: number): Promise<void>;
}

/** What a collector brings. */
export interface Collection {
	/** New and genuine, each call once. */
	records: WireRecord[];
	/** Reports of calls that nobody knows. */
	unknown: number;
	/** Why reports could not be looked up. */
	error?: unknown;
	/** Reports that wait for the next push because of `error`. */
	postponed: number;
	/** Reports that will not be given out because of `error`: it can only be shown by a collector without records. */
	lost: number;
}

interface Waiting {
	report: WireRecord;
	/** How often it was looked up. */
	tries: number;
	dueMs: number;
}

const REMEMBERED_S = 24 * 60 * 60;
/** Some 800 kB of text in n8n's database, which it reads at each push. */
const MAX_REMEMBERED = 50_000;
const MAX_WAITING = 20_000;
/** One that is looking up, and one that gathers what comes meanwhile. */
const MAX_COLLECTORS = 2;
/** A flood becomes one execution in about this time. */
const GATHER_MS = 1000;
/** What stopped a lookup may be over by then. */
const RETRY_AFTER_ERROR_MS = 15_000;
/** A record may be listed later than its report comes: waits before it is looked up again. */
const LATE_RECORD_DELAYS_MS = [1000, 2000, 4000];

/**
 * Pushed reports of one trigger, until they are given out. A push only puts its reports in; a few of the pushes stay
 * as collectors, and each gives out what has come together. So a flood of pushes becomes few executions, and two pushes
 * of the same call cannot both give it out.
 */
export class Inbox {
	private waiting: Waiting[] = [];
	/** Of reports that are waiting or being looked up. */
	private readonly openIds = new Set<string>();
	private readonly memory = SeenCalls.unpack('')!;
	private recalled = '';
	private collectors = 0;
	private lastEndMs = -Infinity;

	constructor(private readonly clock: InboxClock) {}

	/** Takes over what `remembered()` gave, here or in another process. What is no such text counts as nothing. */
	recall(packed: unknown): void {
		if (typeof packed !== 'string' || packed === this.recalled) return;
		const memory = SeenCalls.unpack(packed);
		if (memory) this.memory.absorb(memory);
		this.recalled = packed;
	}

	/** The calls that were found genuine within a day, packed. */
	remembered(): string {
		const fromS = this.nowS() - REMEMBERED_S;
		this.memory.forget(fromS, MAX_REMEMBERED);
		return (this.recalled = this.memory.pack(fromS));
	}

	/**
	 * Puts reports in, but for repeats.
	 * @returns whether there was room for them
	 */
	put(reports: WireRecord[]): boolean {
		if (this.openIds.size + reports.length > MAX_WAITING) return false;
		for (const report of reports) {
			if (this.openIds.has(report.voiceId) || this.memory.has(report.voiceId, Mark.matched)) continue;
			this.openIds.add(report.voiceId);
			this.waiting.push({ report, tries: 0, dueMs: 0 });
		}
		return true;
	}

	/**
	 * Collects what waits, unless enough others do. While anything waits, the last collector stays, unless lookups
	 * cannot be made; where that may pass, it tries once more.
	 */
	async collect(confirm: Confirm): Promise<Collection> {
		const collection: Collection = { records: [], unknown: 0, postponed: 0, lost: 0 };
		if (this.waiting.length === 0 || this.collectors === MAX_COLLECTORS) return collection;
		this.collectors++;
		await this.clock.sleep(Math.max(0, this.lastEndMs + GATHER_MS - this.clock.now()));
		let hasWaited = false;
		while (this.waiting.length > 0) {
			const { error, mayPass } = await this.collectOnce(confirm, collection);
			collection.error = error;
			if (this.collectors > 1) break;
			if (error === undefined) continue;
			if (!mayPass || hasWaited) break;
			await this.clock.sleep(RETRY_AFTER_ERROR_MS);
			hasWaited = true;
		}
		this.collectors--;
		this.lastEndMs = this.clock.now();
		if (collection.error !== undefined) this.leaveRest(collection);
		return collection;
	}

	/** Where nobody is left to look the rest up, and there is nothing to give out, the rest can be told of as lost. */
	private leaveRest(collection: Collection): void {
		if (this.collectors > 0 || collection.records.length > 0) {
			collection.postponed = this.waiting.length;
			return;
		}
		collection.lost = this.waiting.length;
		for (const { report } of this.waiting.splice(0)) this.openIds.delete(report.voiceId);
	}

	/** @returns why reports could not be looked up, which wait again then */
	private async collectOnce(
		confirm: Confirm,
		collection: Collection,
	): Promise<Pick<Confirmation, 'error' | 'mayPass'>> {
		const firstDueMs = Math.min(...this.waiting.map(({ dueMs }) => dueMs));
		await this.clock.sleep(Math.max(0, firstDueMs - this.clock.now()));
		const [tried, reports] = this.takeDue();
		if (reports.length === 0) return {};
		const isLastTry = tried === LATE_RECORD_DELAYS_MS.length;
		const { records, missing, unasked, error, mayPass } = await confirm(reports, isLastTry);

		for (const { voiceId } of records) this.memory.mark(voiceId, Mark.matched, this.nowS());
		collection.records.push(...records);
		if (isLastTry) collection.unknown += missing.length;
		else this.putBack(missing, tried + 1, this.clock.now() + LATE_RECORD_DELAYS_MS[tried]);
		this.putBack(unasked, tried, 0);
		const stillOpen = new Set(this.waiting.map(({ report }) => report.voiceId));
		for (const { voiceId } of reports) if (!stillOpen.has(voiceId)) this.openIds.delete(voiceId);
		return { error, mayPass };
	}

	/** The reports that are due, of those only the ones that were looked up equally often. */
	private takeDue(): [tried: number, reports: WireRecord[]] {
		const nowMs = this.clock.now();
		const tried = this.waiting.find(({ dueMs }) => dueMs <= nowMs)?.tries ?? 0;
		const isTaken = ({ tries, dueMs }: Waiting) => tries === tried && dueMs <= nowMs;
		const taken = this.waiting.filter(isTaken);
		this.waiting = this.waiting.filter((one) => !isTaken(one));
		return [tried, taken.map(({ report }) => report)];
	}

	private putBack(reports: WireRecord[], tries: number, dueMs: number): void {
		for (const report of reports) this.waiting.push({ report, tries, dueMs });
	}

	private nowS(): number {
		return Math.floor(this.clock.now() / 1000);
	}
}
