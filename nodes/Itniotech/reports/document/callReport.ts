import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { calledNumberIn } from '../../records/phoneNumber';
import { countryOf, secondsOf, textOf } from '../../records/record';
import type { TimeRange } from '../../records/calendar';
import { causesIn, causeToJson, type Cause, type CauseJson } from '../causes/causes';
import { Segments, type Segment } from '../causes/segments';
import { compareText } from '../../records/output/text';
import { isIn, type ComparedPart } from '../summary/comparedPart';
import type { TimeShift } from '../summary/earlierRange';
import type { SlicedWork } from '../summary/slices';
import { Costs } from '../figures/costs';
import type { Figures } from '../figures/figures';
import { Summary } from '../summary/summary';
import { FailingNumbers, Tally } from './tally';
import { HourlyCalls } from './trend';

export interface Place {
	/** `null` where a call has no area. */
	name: string | null;
	tally: Tally;
}

/** The calls that a report is compared with. */
interface EarlierCalls {
	readonly summary: Summary;
	add(record: WireRecord): void;
}

/** What a report needs of calls, added up one call at a time, without keeping records. */
export class CallReport {
	readonly hourly: HourlyCalls;
	readonly failingNumbers = new FailingNumbers();
	/** What explains the changes; empty without a comparison. */
	causes: Cause[] = [];
	private readonly summary: Summary;
	private readonly segments: Segments;
	private earlier?: Summary;
	/** What is compared, if it is not the whole range. */
	comparedPart?: ComparedPart;
	private readonly byArea = new Map<string | null, Tally>();

	/** @param zone timezone of days and hours */
	constructor(
		readonly range: TimeRange,
		readonly zone: string,
		{ shortCallSeconds }: { shortCallSeconds: number },
	) {
		this.hourly = new HourlyCalls(range, zone);
		this.segments = new Segments(zone);
		this.summary = new Summary(
			{ groupBy: [], sortBy: 'keys', maxGroups: 0, includeDetails: false, shortCallSeconds },
			range,
			zone,
		);
	}

	add(record: WireRecord): void {
		const facts = this.summary.add(record);
		this.hourly.add(record, facts);
		if (!this.comparedPart || isIn(this.comparedPart.later, secondsOf(record.submitTime))) {
			this.segments.add(record, facts, 'now');
		}
		this.tallyOf(textOf(record.code)).add(facts);
		const calledNumber = facts.outcome === 'failed' ? calledNumberIn(record) : null;
		if (calledNumber !== null) this.failingNumbers.add(calledNumber);
	}

	/** Before any call is added: only those of a part are compared. */
	compareOnly(part: ComparedPart): void {
		this.comparedPart = part;
		this.summary.compareOnly(part);
	}

	createEarlier(toLater: TimeShift): EarlierCalls {
		const summary = this.summary.createEarlier(toLater);
		const add = (record: WireRecord) => this.segments.add(record, summary.add(record), 'before');
		return { summary, add };
	}

	/**
	 * @param earlier `null` if the earlier calls are not known
	 * @param gaps whether calls are missing, then or now
	 */
	*compareWith(earlier: EarlierCalls | null, gaps = { hasGaps: false }): SlicedWork<void> {
		yield* this.summary.compareWith(earlier?.summary ?? null);
		if (!earlier) return;
		this.earlier = earlier.summary;
		this.causes = causesIn(this.segments, gaps);
	}

	/** The flat figures of all calls, as Summarize Voice Records outputs them. */
	row(): IDataObject {
		return this.summary.totalRow();
	}

	/** The causes, as they are output. */
	causeList(): CauseJson[] {
		const { costs } = this.total;
		return this.causes.map((cause) => causeToJson(cause, costs));
	}

	/** All calls that are compared, in both ranges. */
	get allCalls(): Segment {
		return this.segments.all;
	}

	hints(): string[] {
		return this.summary.hints();
	}

	get total(): Figures {
		return this.summary.total();
	}

	/** What is compared with the earlier total. */
	get comparedTotal(): Figures {
		return this.summary.comparedTotal();
	}

	/** `null` without a comparison, and where the earlier calls are not known. */
	get earlierTotal(): Figures | null {
		return this.earlier?.total() ?? null;
	}

	/** Most calls first. */
	countries(): Place[] {
		const countries = new Map<string | null, Tally>();
		for (const [area, tally] of this.byArea) {
			const country = countryOf(area);
			const sum = countries.get(country) ?? newTally();
			sum.addAll(tally);
			countries.set(country, sum);
		}
		return placesIn(countries, ({ calls }) => calls);
	}

	/**
	 * Areas with failed calls, the most first.
	 * @param areCountriesListed whether to leave them out where they are just the countries
	 */
	failingAreas(areCountriesListed: boolean): Place[] {
		const areCountries = [...this.byArea.keys()].every((area) => countryOf(area) === area);
		if (areCountriesListed && areCountries) return [];
		return placesIn(this.byArea, ({ failed }) => failed).filter(({ tally }) => tally.failed > 0);
	}

	private tallyOf(area: string | null): Tally {
		let tally = this.byArea.get(area);
		if (!tally) {
			tally = newTally();
			this.byArea.set(area, tally);
		}
		return tally;
	}
}

function newTally(): Tally {
	return new Tally(new Costs());
}

function placesIn(tallies: Map<string | null, Tally>, sortBy: (tally: Tally) => number): Place[] {
	return [...tallies]
		.map(([name, tally]) => ({ name, tally }))
		.sort((a, b) => sortBy(b.tally) - sortBy(a.tally) || compareText(a.name ?? '', b.name ?? ''));
}
