import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import type { CallFacts } from '../../../../nodes/Itniotech/reports/figures/callFacts';
import { Segments } from '../../../../nodes/Itniotech/reports/causes/segments';
import { many } from '../document/support';

/** How much days differ without a fault: standard deviations of logarithms (of odds, for rates). */
export interface World {
	countries: number;
	sizes: number;
	/** How much the answer rates of areas differ. */
	rates: number;
	/** From day to day: of all rates, of the rates of one segment, of all volumes, of the volume of one segment. */
	dayRate: number;
	segmentRate: number;
	dayVolume: number;
	segmentVolume: number;
	segmentPrice: number;
	codes: number;
	displayNums: number;
}

const LIFE: World = { countries: 10, sizes: 0.8, rates: 0.6, dayRate: 0.25, segmentRate: 0.3, dayVolume: 0.25, segmentVolume: 0.3, segmentPrice: 0.1, codes: 0.2, displayNums: 8 }; // prettier-ignore

/** 50 areas each; nobody knows which of them is yours. */
export const WORLDS = {
	calm: { ...LIFE, rates: 0.3, dayRate: 0.1, segmentRate: 0.15, dayVolume: 0.1, segmentVolume: 0.15, segmentPrice: 0.05, codes: 0.1 }, // prettier-ignore
	life: LIFE,
	wild: { ...LIFE, sizes: 1, rates: 0.8, dayRate: 0.4, segmentRate: 0.5, dayVolume: 0.5, segmentVolume: 0.5, segmentPrice: 0.2, codes: 0.35 }, // prettier-ignore
} satisfies Record<string, World>;

export type FaultKind = 'area' | 'country' | 'displayNum' | 'hourOfDay' | 'terminationCode';

/** `failed`: calls fail. `price`: they cost more each. `volume`: there are more of them. */
export type FaultFigure = 'failed' | 'price' | 'volume';

export interface Fault {
	figure: FaultFigure;
	dimension: FaultKind;
	value: string;
}

/** A fault, and the share of calls that its segment has before. */
interface PlantedFault extends Fault {
	share: number;
}

const AREAS = 50;
const CODES = ['486', '480', '503', '487', '404', '603'];
const CODE_SIZES = [5, 3, 2, 2, 1, 1];
const FAULT_CODE = '503';
const FAULTY_RATE = 0.6;
/** The share of answered calls that a fault with a code and no place lets fail. */
const FAULTY_CODE_RATE = 0.3;
/** How many times as much a faulty segment costs. */
const FAULTY_COST = 5;

interface Account {
	areas: Array<{ code: string; country: string; size: number; logOdds: number; costOfCall: number }>;
	displayNums: number[];
	hours: number[];
}

/** Days of an account as drawn by chance: the same for the same seed. */
export class SimulatedDays {
	private state: number;

	constructor(
		seed: number,
		private readonly world: World,
		private readonly callsPerDay: number,
	) {
		this.state = seed;
	}

	/** Two days, the second with a fault if one is wanted: of a segment with 3–20% of the calls, an hour with its usual share. */
	next(kind?: FaultKind, figure: FaultFigure = 'failed'): { segments: Segments; fault?: Fault } {
		const account = this.account();
		const at = this.below(AREAS);
		const share = 0.03 + 0.17 * this.random();
		const fault = kind && { figure, share, dimension: kind, value: this.valueIn(account, kind, at) };
		if (kind === 'area') account.areas[at].logOdds = logit(0.1);
		const segments = new Segments('Etc/UTC');
		this.addDay(segments, account, { time: 'before', fault });
		this.addDay(segments, account, { time: 'now', fault });
		return { segments, fault };
	}

	private valueIn({ areas }: Account, kind: FaultKind, at: number): string {
		const values = {
			area: areas[at].code,
			country: areas[at].country,
			displayNum: displayNumOf(this.below(this.world.displayNums)),
			hourOfDay: hourText(9 + this.below(10)),
			terminationCode: FAULT_CODE,
		};
		return values[kind];
	}

	private account(): Account {
		const { world } = this;
		return {
			areas: many(AREAS, (index) => ({
				code: `Country ${index % world.countries}(Area ${index})`,
				country: `Country ${index % world.countries}`,
				size: this.factor(world.sizes),
				logOdds: logit(0.1) + world.rates * this.normal(),
				costOfCall: 0.05 * this.factor(0.6),
			})),
			displayNums: many(world.displayNums, () => this.factor(0.7)),
			hours: many(24, (hour) => (hour < 7 ? 0.1 : hour < 9 ? 0.6 : hour < 20 ? 1 : 0.4)),
		};
	}

	private addDay(
		segments: Segments,
		{ areas, displayNums, hours }: Account,
		{ time, fault }: { time: 'now' | 'before'; fault?: PlantedFault },
	): void {
		const { world } = this;
		const isDayOfFault = time === 'now';
		const shift = world.dayRate * this.normal();
		const calls = Math.round(this.callsPerDay * this.factor(world.dayVolume));
		const isFaultyArea = ({ code, country }: Account['areas'][number]) =>
			fault?.dimension === 'area' ? code === fault.value : country === fault?.value;
		const sizes = withShare(areas.map(({ size }) => size * this.factor(world.segmentVolume)), areas.map(isFaultyArea), fault?.share); // prettier-ignore
		const logOdds = areas.map((area) => area.logOdds + shift + world.segmentRate * this.normal());
		const costs = areas.map(({ costOfCall }) => costOfCall * this.factor(world.segmentPrice));
		const half = () => 0.5 * world.segmentRate * this.normal();
		const [ofDisplayNum, ofHour] = [displayNums.map(half), hours.map(half)];
		const pick = {
			area: this.picker(sizes),
			displayNum: this.picker(withShare(displayNums.map((size) => size * this.factor(world.segmentVolume)), displayNums.map((_, index) => fault?.dimension === 'displayNum' && displayNumOf(index) === fault.value), fault?.share)), // prettier-ignore
			hour: this.picker(hours.map((size) => size * this.factor(0.15))),
			code: this.picker(CODE_SIZES.map((size) => size * this.factor(world.codes))),
		};
		for (let index = 0; index < calls; index++) {
			const [area, displayNum, hour] = [pick.area(), pick.displayNum(), pick.hour()];
			const values: Record<string, string> = {
				area: areas[area].code,
				country: areas[area].country,
				displayNum: displayNumOf(displayNum),
				hourOfDay: hourText(hour),
			};
			const faulty =
				isDayOfFault && fault && values[fault.dimension] === fault.value ? fault.figure : undefined;
			const rate = faulty === 'failed' ? FAULTY_RATE : 1 / (1 + Math.exp(-logOdds[area] - ofDisplayNum[displayNum] - ofHour[hour])); // prettier-ignore
			let code = this.random() < rate ? CODES[pick.code()] : '200';
			const hasCodeFault = isDayOfFault && fault?.dimension === 'terminationCode' && code === '200';
			if (hasCodeFault && this.random() < FAULTY_CODE_RATE) code = FAULT_CODE;
			const price = costs[area] * (faulty === 'price' ? FAULTY_COST : 1);
			const costOf = () => (code === '200' ? -Math.log(1 - this.random()) * price : 0);
			for (let times = faulty === 'volume' ? FAULTY_COST : 1; times > 0; times--) {
				segments.add(recordOf(values, code), factsOf(code, costOf()), time);
			}
		}
	}

	/** Numbers in proportion to their weights. */
	private picker(weights: number[]): () => number {
		let total = 0;
		const edges = weights.map((weight) => (total += weight));
		return () => {
			const at = this.random() * total;
			return edges.findIndex((edge) => at < edge);
		};
	}

	private below(count: number): number {
		return Math.floor(this.random() * count);
	}

	private factor(spread: number): number {
		return Math.exp(spread * this.normal());
	}

	private normal(): number {
		return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
	}

	/** Mulberry32. */
	private random(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	}
}

function recordOf({ area, displayNum, hourOfDay }: Record<string, string>, code: string): WireRecord {
	return {
		voiceId: '',
		code: area,
		displayNum,
		terminationCode: code,
		submitTime: `2026-11-20T${hourOfDay}:00:00Z`,
	};
}

function factsOf(code: string, cost: number): CallFacts {
	return {
		outcome: code === '200' ? 'answered' : 'failed',
		duration: null,
		chargedDuration: null,
		isDelivered: true,
		hasKey: false,
		postDialDelay: null,
		terminationCode: code,
		terminationReason: '',
		currency: 'USD',
		cost: cost.toFixed(5),
		missingCost: null,
		isNewNumber: false,
		isNewlyReached: false,
		details: null,
	};
}

/** The marked weights become this share of all. */
const withShare = (weights: number[], marks: boolean[], share = 0) => {
	const marked = sum(weights.filter((_, index) => marks[index]));
	const factor = marked === 0 ? 1 : ((sum(weights) - marked) * share) / (1 - share) / marked;
	return weights.map((weight, index) => (marks[index] ? weight * factor : weight));
};
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const logit = (rate: number) => Math.log(rate / (1 - rate));
const displayNumOf = (index: number) => `155501${String(index).padStart(2, '0')}`;
const hourText = (hour: number) => String(hour).padStart(2, '0');
