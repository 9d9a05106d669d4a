import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { listDataset } from '../../../../simulator/dataset';
import { wireTime } from '../../../../simulator/records';
import { call } from '../../../../support/calls';
import { runs } from '../../../../support/runs';
import { HOUR_S, MINUTE_MS, MINUTE_S } from '../../../../support/times';
import { useService, watch } from '../../../support/watch';

/** In the night, the clocks go back. */
const ZONE = 'Europe/Berlin';
const START_S = DateTime.fromISO('2026-10-24T22:00', { zone: ZONE }).toSeconds();

const current = useService();
const { clock } = current;

interface CallPlan {
	minute: number;
	code: '200' | '486' | '503' | '404';
	country: number;
	currency: 'USD' | 'EUR';
	cost: number;
	listedAfterS: number;
	billedAfterS: number;
}

interface Rule {
	metric: 'failureRate' | 'answerRate' | 'failures' | 'calls' | 'cost' | 'codeShare';
	condition: 'above' | 'below';
	threshold: number;
	distance: number;
	windowMinutes: number;
	minimumCalls: number;
	alarmPer: 'all' | 'country';
	remindEvery: number;
	ignoreLast: number;
}

interface Step {
	minutes: number;
	event: 'restart' | 'failure' | Partial<Rule> | null;
}

const COUNTRIES = ['Mali', 'Peru', 'Chad'];
const isShare = ({ metric }: Rule) => ['failureRate', 'answerRate', 'codeShare'].includes(metric);

const rule: { [Name in keyof Rule]: fc.Arbitrary<Rule[Name]> } = {
	metric: fc.constantFrom('failureRate', 'answerRate', 'failures', 'calls', 'cost', 'codeShare'),
	condition: fc.constantFrom('above', 'above', 'below'),
	threshold: fc.constantFrom(2, 5, 33.3, 50),
	distance: fc.constantFrom(0, 0, 1),
	windowMinutes: fc.constantFrom(5, 20, 60),
	minimumCalls: fc.constantFrom(1, 3),
	alarmPer: fc.constantFrom('all', 'country'),
	remindEvery: fc.constantFrom(0, 0.5, 2),
	ignoreLast: fc.constantFrom(0, 0, 3, 30),
};
const edit = fc
	.constantFrom(...(Object.keys(rule) as Array<keyof Rule>))
	.chain((name) => fc.record({ [name]: rule[name] }) as fc.Arbitrary<Partial<Rule>>);
const steps = fc.array(
	fc.record<Step>({
		minutes: fc.oneof(
			{ weight: 9, arbitrary: fc.constantFrom(1, 1, 2, 4) },
			{ weight: 1, arbitrary: fc.constantFrom(6, 30, 70, 300) },
		),
		event: fc.oneof(
			{ weight: 20, arbitrary: fc.constant(null) },
			{ weight: 1, arbitrary: fc.constantFrom<Array<'restart' | 'failure'>>('restart', 'failure') },
			{ weight: 1, arbitrary: edit },
		),
	}),
	{ minLength: 20, maxLength: 120 },
);
const calls = fc.array(
	fc.record<CallPlan>({
		minute: fc.integer({ min: -70, max: 300 }),
		code: fc.constantFrom('200', '200', '486', '486', '503', '404'),
		country: fc.nat(2),
		currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
		cost: fc.constantFrom(0.1, 1, 7, 1500),
		listedAfterS: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(900) }),
		billedAfterS: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(900) }),
	}),
	{ minLength: 60, maxLength: 300 },
);

class Call {
	readonly endS: number;

	constructor(
		readonly plan: CallPlan,
		readonly id: string,
	) {
		this.endS = START_S + plan.minute * MINUTE_S - 7;
	}

	isAnswered = () => this.plan.code === '200';

	country = () => COUNTRIES[this.plan.country];

	isListedAt = (seconds: number) => this.endS + this.plan.listedAfterS <= seconds;

	/** What it costs as of a time; `undefined` where that is not known. */
	costAt(seconds: number): number | undefined {
		if (!this.isAnswered()) return 0;
		return this.endS + this.plan.billedAfterS <= seconds ? this.plan.cost : undefined;
	}

	recordAt(seconds: number) {
		const { code, currency } = this.plan;
		const time = wireTime((this.endS - 5) * 1000);
		return call(this.id, 0, {
			code: `${this.country()}(One)`,
			submitTime: time,
			callTime: time,
			hangupTime: wireTime(this.endS * 1000),
			terminationCode: code,
			terminationReason: this.isAnswered() ? 'success' : `reason ${code}`,
			currency,
			cost: String(this.costAt(seconds) ?? ''),
		});
	}
}

interface Figures {
	calls: number;
	failed: number;
	/** Exact; `null` of no calls. */
	value: number | null;
	/** Whether some of it is not billed yet. */
	isPart: boolean;
	/** Of most charged calls; empty without any. */
	currency: string;
	/** The largest cost in a currency. */
	most: number;
	explained: string;
	reasons: string;
}

/** What is true at a time, by what was listed then. */
function figuresAt(all: Call[], one: Rule, { seconds, group }: { seconds: number; group: string }): Figures {
	const toS = seconds - one.ignoreLast * 60;
	const counted = all.filter(
		(c) =>
			c.isListedAt(seconds) &&
			c.endS > toS - one.windowMinutes * 60 &&
			c.endS <= toS &&
			(group === '' || c.country() === group),
	);
	const failed = counted.filter((c) => !c.isAnswered());
	const share = (part: number) => (counted.length === 0 ? null : (100 * part) / counted.length);
	const byCode = new Map<string, number>();
	for (const { plan } of failed) byCode.set(plan.code, (byCode.get(plan.code) ?? 0) + 1);
	const reasons = [...byCode].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
	const sums = new Map<string, { sum: number; charged: number }>();
	for (const c of counted) {
		const cost = c.costAt(seconds);
		if (cost === undefined) continue;
		const sum = sums.get(c.plan.currency) ?? { sum: 0, charged: 0 };
		sum.sum += cost;
		if (cost > 0) sum.charged++;
		sums.set(c.plan.currency, sum);
	}
	const [main] = [...sums].sort(([a, m], [b, n]) => n.charged - m.charged || (a < b ? -1 : 1));
	const [n, bad] = [counted.length, failed.length];
	const ofCode = byCode.get('486') ?? 0;
	const cents = (sum = 0) => Math.round(100 * sum) / 100;
	const calls = `${n} call${n === 1 ? '' : 's'}`;
	const figure: Record<Rule['metric'], [number | null, string]> = {
		failureRate: [share(bad), `Failed: ${bad} of ${calls}`],
		answerRate: [share(n - bad), `Answered: ${n - bad} of ${calls}`],
		codeShare: [share(ofCode), `With this code: ${ofCode} of ${calls}`],
		failures: [bad, `Failed: ${bad} of ${calls}`],
		calls: [n, `Failed: ${bad} of ${calls}`],
		cost: [cents(main?.[1].sum), `Calls`],
	};
	return {
		calls: n,
		failed: bad,
		value: figure[one.metric][0],
		explained: figure[one.metric][1],
		isPart: one.metric === 'cost' && counted.some((c) => c.costAt(seconds) === undefined),
		currency: main?.[1].charged ? main[0] : '',
		most: Math.max(0, ...[...sums.values()].map(({ sum }) => cents(sum))),
		reasons: reasons.map(([code, times]) => `${code} reason ${code}: ${times}`).join(', '),
	};
}

const timeIn = (seconds: number) => {
	const time = DateTime.fromSeconds(seconds, { zone: ZONE });
	const isTwice = time.getPossibleOffsets().length > 1;
	return `${time.toFormat(isTwice ? 'yyyy-MM-dd HH:mm ZZ' : 'yyyy-MM-dd HH:mm')} (${ZONE})`;
};
const isBeyond = ({ condition, threshold }: Rule, value: number) =>
	condition === 'above' ? value > threshold : value < threshold;
const clearAtOf = ({ condition, threshold, distance }: Rule) =>
	threshold + (condition === 'above' ? -distance : distance);

const NOUNS: Record<Rule['metric'], string> = {
	failureRate: 'the failure rate',
	answerRate: 'the answer rate',
	failures: 'the number of failed calls',
	calls: 'the number of calls',
	cost: 'the cost',
	codeShare: 'the share of termination code 486',
};

/** By group: when the alarm was raised, and when the last item about it was output. Unix times in seconds. */
type Told = Map<string, { raisedS: number; itemS: number }>;

const copyOf = (told: Told): Told => new Map([...told].map(([group, alarm]) => [group, { ...alarm }]));

interface Moment {
	all: Call[];
	one: Rule;
	nowS: number;
}

interface Circumstances extends Moment {
	told: Told;
	/** The poll before, where it succeeded and this process made it. */
	before?: { seconds: number; rule: Rule };
}

/** What of the items was read, so that no claim goes without an example. */
const claims = new Set<string>();

const numberIn = (text: string) => Number(/-?[\d,]+(\.\d+)?/.exec(text)![0].replace(/,/g, ''));

const unitOf = (one: Rule, figures: Figures[]) => {
	if (isShare(one)) return '%';
	const currencies = new Set(figures.map(({ currency }) => currency));
	return one.metric === 'cost' && currencies.size === 1 && figures[0].currency
		? ` ${figures[0].currency}`
		: '';
};

/** Without a charged call, a cost may be in any currency. */
const withoutFree = (text: string, figures: Figures[]) =>
	figures.every(({ currency }) => currency !== '') ? text : text.replace(/(\d) (USD|EUR)\b/g, '$1');

function checkValue(text: string, { value, isPart, currency }: Figures, { metric }: Rule): void {
	if (text === 'not known') {
		expect(value === null || (isPart && value === 0)).toBe(true);
		return;
	}
	expect(Math.abs(numberIn(text) - value!)).toBeLessThan(0.0501);
	if (metric !== 'cost') return;
	claims.add(isPart ? 'so far' : 'a whole cost');
	expect(text.endsWith(' so far')).toBe(isPart);
	if (value! > 0) expect(text).toContain(` ${currency}`);
}

/** The value that is shown, and the exact one, are on the side that the text says. */
function checkSide(
	text: string,
	{ value, most }: Figures,
	{ one, state }: { one: Rule; state: unknown },
): void {
	const shown = text === 'not known' ? value! : numberIn(text);
	if (state === 'raised') {
		expect(isBeyond(one, value!)).toBe(true);
		expect(isBeyond(one, shown) || shown === one.threshold).toBe(true);
	}
	if (state !== 'cleared') return;
	const clearing = { ...one, threshold: clearAtOf(one) };
	expect([value!, shown].map((number) => isBeyond(clearing, number))).toEqual([false, false]);
	// Nor in any other currency.
	if (one.metric === 'cost' && one.condition === 'above') expect(isBeyond(clearing, most)).toBe(false);
}

/** Whether the threshold was surely not crossed at the poll before. */
function wasNotCrossed(groups: string[], { all, one, before }: Circumstances): boolean {
	return groups.every((group) => {
		const { value, isPart } = figuresAt(all, one, { seconds: before!.seconds, group });
		return value !== null && !isBeyond(one, value) && !(isPart && one.condition === 'above');
	});
}

/** The parameters by which a value was beyond the threshold, or not. */
const decidingOf = (one: Rule) =>
	JSON.stringify({ ...one, remindEvery: 0, minimumCalls: isShare(one) ? one.minimumCalls : 0 });

function checkSince(groups: string[], mayBeEarlier: boolean, circumstances: Circumstances): void {
	const { one, nowS, before } = circumstances;
	const isNext = before && nowS - before.seconds <= 300 && decidingOf(before.rule) === decidingOf(one);
	const isPrompt = isNext && one.ignoreLast === 0;
	claims.add(mayBeEarlier ? 'or earlier' : 'since');
	if (!mayBeEarlier) expect(isPrompt).toBe(true);
	// No call at all is no rate, and not above any.
	const hadCalls = (group: string) =>
		figuresAt(circumstances.all, one, { seconds: before!.seconds, group }).calls > 0;
	if (!mayBeEarlier) expect(wasNotCrossed(groups.filter((group) => !isShare(one) || hadCalls(group)), circumstances)).toBe(true); // prettier-ignore
	if (mayBeEarlier && isPrompt && isShare(one)) expect(wasNotCrossed(groups, circumstances)).toBe(false);
}

/** What the item says of each alarm before. */
function checkAlarm(
	group: string,
	line: string,
	{ state, one, nowS, told }: Circumstances & { state: unknown },
): void {
	const alarm = told.get(group);
	if (state === 'raised') {
		told.set(group, { raisedS: nowS, itemS: nowS });
		return;
	}
	expect(line).toContain(`raised at ${timeIn(alarm!.raisedS)}`);
	if (state === 'cleared') told.delete(group);
	else {
		expect(nowS - alarm!.itemS).toBeGreaterThanOrEqual(one.remindEvery * HOUR_S - 30);
		told.set(group, { ...alarm!, itemS: nowS });
	}
}

function checkFields(item: IDataObject, figures: Figures[], { one, nowS }: Moment): void {
	const toS = nowS - one.ignoreLast * 60;
	const [from, to] = [toS - one.windowMinutes * 60 + 1, toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone: ZONE }).toISO({ suppressMilliseconds: true }),
	);
	const sumOf = (name: 'calls' | 'failed') => figures.reduce((sum, figure) => sum + figure[name], 0);
	const { metric, threshold } = one;
	expect(item).toMatchObject({
		from,
		to,
		metric,
		threshold,
		calls: sumOf('calls'),
		failures: sumOf('failed'),
	});
	if (figures.length === 1) expect(item.topFailures).toBe(figures[0].reasons);
}

function checkDetails([first, ...others]: string[], figure: Figures, { one, nowS }: Moment): void {
	const minutes = `${one.windowMinutes} minutes`;
	const until = timeIn(nowS - one.ignoreLast * 60);
	const period = one.ignoreLast > 0 ? `${minutes} until ${until}` : `last ${minutes}`;
	expect(first.startsWith(`${figure.explained} that ended in the ${period}`)).toBe(true);
	expect(others.filter((line) => line.startsWith('Reasons'))).toEqual(figure.failed > 0 ? [`Reasons: ${figure.reasons}`] : []); // prettier-ignore
	const isTooFew = isShare(one) && figure.calls < one.minimumCalls;
	const tooFew = `With fewer than ${one.minimumCalls} calls, no alarm is raised or cleared`;
	expect(others.filter((line) => line.startsWith('With'))).toEqual(isTooFew ? [tooFew] : []);
	expect(others).toHaveLength(Number(figure.failed > 0) + Number(isTooFew));
}

function checkItem(item: IDataObject, circumstances: Circumstances): void {
	const { all, one, nowS } = circumstances;
	const { state, text } = item;
	const isOne = one.alarmPer === 'all';
	const groups = isOne ? [''] : (item.groups as IDataObject[]).map(({ group }) => String(group));
	const figures = groups.map((group) => figuresAt(all, one, { seconds: nowS, group }));
	const [first, ...lines] = String(text).split('\n');
	const head = withoutFree(first, figures);
	const unit = unitOf(one, figures);
	const mayBeEarlier = / or earlier$/.test(head);
	claims.add(`${one.metric} ${one.alarmPer} ${String(state)}`);
	checkFields(item, figures, circumstances);
	if (state === 'raised') checkSince(groups, mayBeEarlier, circumstances);
	groups.forEach((group, index) =>
		checkAlarm(group, isOne ? head : lines[index], { ...circumstances, state }),
	);
	const raised = `${one.condition} ${one.threshold}${unit}`;
	const since = ` since ${timeIn(nowS)}${mayBeEarlier ? ' or earlier' : ''}`;
	const cleared = `not ${one.condition} ${clearAtOf(one)}${unit}`;
	const reminded = `with a threshold of ${one.threshold}${unit}`;
	const start = { raised: 'Alarm', reminder: 'Still active', cleared: 'Cleared' }[String(state)]!;
	const noun = NOUNS[one.metric];
	if (isOne) {
		const [, value, side] = new RegExp(`^${start}: ${noun} is (.+?), (.*)$`).exec(head)!;
		checkValue(value, figures[0], one);
		checkSide(value, figures[0], { one, state });
		const sides = { raised: raised + since, cleared: `${cleared}. The alarm was `, reminder: `${reminded}. The alarm was ` }; // prettier-ignore
		expect(side.replace(/^just /, '').startsWith(sides[state as keyof typeof sides])).toBe(true);
		checkDetails(lines, figures[0], circumstances);
		return;
	}
	const name = groups.length === 1 ? '1 country' : `${groups.length} countries`;
	const heads = {
		raised: `${noun} is ${raised} for ${name}${since}`,
		cleared: `${noun} is ${cleared} for ${name}`,
		reminder: `${noun}, ${reminded}, for ${name}`,
	};
	expect(head).toBe(`${start}: ${heads[state as keyof typeof heads]}`);
	expect(lines).toHaveLength(groups.length);
	groups.forEach((group, index) => {
		const [, value] = new RegExp(`^${group}: (.+?) \\(`).exec(lines[index])!;
		checkValue(value, figures[index], one);
		checkSide(value, figures[index], { one, state });
	});
	const values = figures.map(({ value }) => value!).filter((value) => value !== null);
	expect(values).toEqual([...values].sort((a, b) => (one.condition === 'above' ? b - a : a - b)));
}

/** A test in the editor. */
function checkPresent({ text, state }: IDataObject, moment: Moment): void {
	const { all, one, nowS } = moment;
	if (one.alarmPer !== 'all') return;
	const figure = figuresAt(all, one, { seconds: nowS, group: '' });
	const [first, ...lines] = String(text).split('\n');
	const head = withoutFree(first, [figure]);
	const [, value, side] = new RegExp(
		`^Now: ${NOUNS[one.metric]} is (.+?), (.*?)(?:, )?${timeIn(nowS).replace(/[()+]/g, '\\$&')}$`,
	).exec(head)!;
	checkValue(value, figure, one);
	checkDetails(lines, figure, moment);
	const unit = unitOf(one, [figure]);
	claims.add(`now ${side.replace(/ .*/, '') || 'undecided'}`);
	const isDecided = figure.value !== null && side !== '';
	if (isDecided) {
		const isCrossed = isBeyond(one, figure.value!);
		expect(side.replace(/^just /, '')).toBe(
			`${isCrossed ? '' : 'not '}${one.condition} ${one.threshold}${unit}`,
		);
		if (figure.isPart) expect(isCrossed).toBe(one.condition === 'above');
	}
	if (state === 'raised') expect(side).not.toMatch(/^not |^$/);
}

/** The list as the service has it at each moment. */
function serve(all: Call[]): void {
	const dataset = () => {
		const nowS = clock.ms / 1000;
		return listDataset(all.filter((one) => one.isListedAt(nowS)).map((one) => one.recordAt(nowS)));
	};
	current.service.dataset = {
		count: (query) => dataset().count(query),
		slice: (...query) => dataset().slice(...query),
		get: (id) => dataset().get(id),
		add: () => {},
	};
}

function parametersOf(one: Rule): IDataObject {
	const { distance, remindEvery, ignoreLast, ...rest } = one;
	const clearAt = distance > 0 ? clearAtOf(one) : '';
	const options = { remindEvery, ignoreLast, clearAt, timezone: ZONE };
	return { event: 'thresholdCrossed', ...rest, terminationCode: '486', options };
}

async function live(start: Rule, plan: Step[], planned: CallPlan[]): Promise<void> {
	let one = start;
	const all = planned.map((call, index) => new Call(call, `${index}`));
	clock.ms = START_S * 1000;
	serve(all);
	let trigger = watch(current.service, parametersOf(one));
	let [told, toldInSaved]: Told[] = [new Map(), new Map()];
	let saved = '{}';
	let before: Circumstances['before'];
	for (const { minutes, event } of plan) {
		clock.ms += minutes * MINUTE_MS;
		if (event === 'restart') {
			trigger = watch(current.service, parametersOf(one), { staticData: JSON.parse(saved) as IDataObject });
			told = copyOf(toldInSaved);
			before = undefined;
		} else if (event !== 'failure' && event !== null) {
			one = { ...one, ...event };
			Object.assign(trigger.parameters, parametersOf(one));
		}
		trigger.isRefused = event === 'failure';
		const nowS = clock.ms / 1000;
		const [result] = await Promise.allSettled([trigger.poll()]);
		if (result.status === 'rejected') {
			if (event !== 'failure') throw result.reason;
			before = undefined;
			continue;
		}
		for (const item of result.value ?? []) checkItem(item, { all, one, nowS, told, before });
		if (result.value) {
			saved = JSON.stringify(trigger.staticData);
			toldInSaved = copyOf(told);
		}
		before = { seconds: nowS, rule: one };
		if (minutes < 4) continue;
		const [present] = (await watch(current.service, parametersOf(one), { mode: 'manual' }).poll())!;
		checkPresent(present, { all, one, nowS });
	}
}

test('each sentence of an alarm is true, by a plain count of the history', async () => {
	await fc.assert(fc.asyncProperty(fc.record(rule), steps, calls, live), { numRuns: 60 });
	if (runs(60) < 60) return;
	const states = ['raised', 'cleared', 'reminder'].flatMap((state) => [`failureRate all ${state}`, `cost country ${state}`]); // prettier-ignore
	const texts = ['since', 'or earlier', 'so far', 'a whole cost', 'now above', 'now not', 'now undecided'];
	expect([...claims]).toEqual(expect.arrayContaining([...states, ...texts]));
});

test('each sentence of an alarm on the balance is true', async () => {
	const step = fc.record({
		minutes: fc.constantFrom(1, 3, 5, 6, 90),
		balance: fc.constantFrom(-3, 0, 9.999, 10, 19.5, 20, 1234.5),
		event: fc.constantFrom(null, null, null, null, 'restart', 'failure'),
	});
	const play = async (plan: Array<{ minutes: number; balance: number; event: string | null }>) => {
		clock.ms = START_S * 1000;
		const parameters = {
			event: 'balanceLow',
			threshold: 10,
			options: { clearAt: 20, remindEvery: 1, timezone: ZONE },
		};
		let trigger = watch(current.service, parameters);
		let [raisedS, savedS, itemS, saved]: [number?, number?, number?, string?] = [];
		let before: { nowS: number; balance: number } | undefined;
		for (const { minutes, balance, event } of plan) {
			clock.ms += minutes * MINUTE_MS;
			current.service.behaviour.balance = String(balance);
			if (event === 'restart') {
				trigger = watch(current.service, parameters, {
					staticData: JSON.parse(saved ?? '{}') as IDataObject,
				});
				[raisedS, before] = [savedS, undefined];
			}
			trigger.isRefused = event === 'failure';
			const [result] = await Promise.allSettled([trigger.poll()]);
			const nowS = clock.ms / 1000;
			if (result.status === 'rejected') {
				before = undefined;
				continue;
			}
			const isKnownBefore = before && nowS - before.nowS <= 300 && before.balance >= 10;
			const since = `since ${timeIn(nowS)}${isKnownBefore ? '' : ' or earlier'}`;
			const shown = balance.toLocaleString('en-US');
			const wasRaised = `The alarm was raised at ${timeIn(raisedS ?? 0)}.`;
			const isDue = raisedS !== undefined && nowS - itemS! >= HOUR_S - 30;
			const expected =
				raisedS === undefined
					? balance < 10 && `Alarm: the balance is ${shown}, below 10 ${since}`
					: balance >= 20
						? `Cleared: the balance is ${shown}, not below 20. ${wasRaised}`
						: isDue && `Still active: the balance is ${shown}, with a threshold of 10. ${wasRaised}`;
			expect(result.value?.map(({ text }) => text) ?? []).toEqual(expected ? [expected] : []);
			before = { nowS, balance };
			if (!expected) continue;
			raisedS = balance >= 20 ? undefined : (raisedS ?? nowS);
			[savedS, itemS, saved] = [raisedS, nowS, JSON.stringify(trigger.staticData)];
		}
	};
	await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), play), { numRuns: 200 });
});
