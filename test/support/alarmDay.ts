import { DEFAULT_BEHAVIOUR } from '../simulator/behaviour';
import { DEMO_CREDENTIAL } from '../simulator/simulator';
import { Service } from '../simulator/service';
import { watch, type Watch } from '../unit/support/watch';
import { countEnds, EvenCalls, MEAN_COST, type EndedCalls } from './evenCalls';
import { heapBytes } from './heap';
import { TestClock } from './testClock';
import { DAY_S, HOUR_S, MINUTE_MS, MINUTE_S, NOW_S } from './times';

export interface AlarmDay {
	metric: 'failureRate' | 'cost';
	windowMinutes: number;
	callsPerHour: number;
	/** Minutes from one poll to the next. */
	every: number;
	pageSize: number;
}

export interface AlarmItem {
	minute: number;
	state: unknown;
	value: number;
}

export interface AlarmDayFigures {
	polls: number;
	/** The most requests of a poll after the first, less the pages that the look-back and the time since the last poll fill. */
	extraPages: number;
	/** Megabytes in use after hour 24 more than after hour 3. */
	heapGrowth: number;
	items: AlarmItem[];
	expected: AlarmItem[];
}

const LOOKBACK_MINUTES = 60;
const DAY_MINUTES = 24 * 60;
/** By then, what a poll reads again is stored. */
const STEADY_MINUTE = 3 * 60;
/** Percent. */
const MOST_FAILURES = 30;
/** The share of what the window would cost if every call was answered. */
const COST_SHARE = 0.72;

/** Hours from `NOW_S`: trouble twice, then no failure at all. */
function failureShareAt(seconds: number): number {
	const hour = (seconds - NOW_S) / HOUR_S;
	if (hour >= 16) return 0;
	return (hour >= 3 && hour < 5) || (hour >= 8 && hour < 14) ? 0.6 : 0.2;
}

/** Polls an alarm for a day, beside a plain count of the same calls. */
export async function liveThroughDay(day: AlarmDay): Promise<AlarmDayFigures> {
	const clock = new TestClock(NOW_S * 1000);
	const { now } = Date;
	Date.now = clock.now;
	try {
		return await pollAllDay(day, clock);
	} finally {
		Date.now = now;
	}
}

async function pollAllDay(day: AlarmDay, clock: TestClock): Promise<AlarmDayFigures> {
	const { every, callsPerHour } = day;
	const fromS = NOW_S - DAY_S - 2 * HOUR_S;
	const calls = new EvenCalls({ fromS, callsPerHour, failureShareAt });
	const trigger = watchDay(day, calls, clock);
	const endsWithin = countEnds(calls, NOW_S + DAY_S);
	const figures: AlarmDayFigures = {
		polls: 0,
		extraPages: -Infinity,
		heapGrowth: 0,
		items: [],
		expected: [],
	};
	let isRaised = false;
	for (let minute = 0; minute <= DAY_MINUTES; minute += every) {
		clock.ms = NOW_S * 1000 + minute * MINUTE_MS;
		trigger.requests = 0;
		for (const { state, value } of (await trigger.poll()) ?? [])
			figures.items.push({ minute, state, value: Number(value) });
		const nowS = NOW_S + minute * MINUTE_S;
		const { value, isCrossed } = expectedAt(day, endsWithin(nowS - day.windowMinutes * MINUTE_S + 1, nowS));
		if (isCrossed !== isRaised)
			figures.expected.push({ minute, state: isCrossed ? 'raised' : 'cleared', value });
		isRaised = isCrossed;
		const pages = Math.ceil((callsPerHour * (LOOKBACK_MINUTES + every)) / 60 / day.pageSize);
		if (minute > 0) figures.extraPages = Math.max(figures.extraPages, trigger.requests - pages);
		if (minute === STEADY_MINUTE) figures.heapGrowth -= heapBytes() / 1e6;
		figures.polls++;
	}
	figures.heapGrowth += heapBytes() / 1e6;
	return figures;
}

/** A trigger that polls the calls. */
function watchDay(day: AlarmDay, calls: EvenCalls, clock: TestClock): Watch {
	const behaviour = { ...DEFAULT_BEHAVIOUR, listsOngoingCalls: true };
	const dataset = calls.datasetAt(() => clock.ms / 1000);
	return watch(new Service(DEMO_CREDENTIAL, clock.now, behaviour, dataset), {
		event: 'thresholdCrossed',
		metric: day.metric,
		condition: 'above',
		threshold: day.metric === 'cost' ? costThreshold(day) : MOST_FAILURES,
		windowMinutes: day.windowMinutes,
		minimumCalls: 1,
		options: { pageSize: day.pageSize },
	});
}

const costThreshold = ({ callsPerHour, windowMinutes }: AlarmDay) =>
	Math.round(COST_SHARE * MEAN_COST * callsPerHour * (windowMinutes / 60));

function expectedAt(day: AlarmDay, { calls, failures, cost }: EndedCalls) {
	if (day.metric === 'cost') return { value: cost, isCrossed: cost > costThreshold(day) };
	return { value: (100 * failures) / calls, isCrossed: 100 * failures > MOST_FAILURES * calls };
}
