import fc from 'fast-check';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { call, failedCall, many, reportOf } from './support';

const record = fc
	.record({
		at: fc.integer({ min: 0, max: 23 }),
		outcome: fc.constantFrom('answered', 'answered', 'failed', 'pending', 'voicemail'),
		cost: fc.constantFrom('0.1', '0.25', '7', '', 'free'),
		callDuration: fc.constantFrom(3, 40, null),
	})
	.map(({ at, outcome, cost, callDuration }) => {
		const fields = { outcome, cost, callDuration };
		if (outcome === 'failed') return { ...fields, cost: '0', ...failedCall({ cost: '0' }, at * 3600) };
		const terminationCode = outcome === 'pending' ? null : '200';
		const callStatus = outcome === 'voicemail' ? 40 : undefined;
		return { ...fields, ...call({ terminationCode, callStatus, cost, callDuration }, at * 3600) };
	});
type Drawn = typeof record extends fc.Arbitrary<infer T> ? T : never;

function countsOf(records: Drawn[]) {
	const count = (outcome: string) => records.filter((one) => one.outcome === outcome).length;
	const [answered, failed, pending, voicemail] = ['answered', 'failed', 'pending', 'voicemail'].map(count);
	const isTaken = ({ outcome }: Drawn) => outcome === 'answered' || outcome === 'voicemail';
	const isMissing = (one: Drawn) =>
		one.cost === 'free' || (one.cost === '' && (isTaken(one) || one.outcome === 'pending'));
	const missing = records.filter(isMissing).length;
	const cents = records.reduce((sum, { cost }) => sum + Math.round(100 * (Number(cost) || 0)), 0);
	return { calls: records.length, answered, failed, pending, voicemail, missing, cents };
}
type Counts = ReturnType<typeof countsOf>;

const numberIn = (text: string) => Number(text.replace(/,/g, ''));
const rateOf = ({ answered, failed }: Counts) => (100 * answered) / (answered + failed);

/** A share as text says what is known: all and none only of all and none. */
function expectShare(text: string, share: number): void {
	const shown = Number(/^([\d.]+)%$/.exec(text)?.[1]);
	expect(Math.abs(shown - share)).toBeLessThanOrEqual(0.0501);
	expect([shown === 100, shown === 0]).toEqual([share === 100, share === 0]);
}

/** E.g. `▲ 12% (2,931)`, against the exact figures. */
function expectChange(text: string | undefined, now: number, before: number): void {
	if (before === 0) return expect(text).toBeUndefined();
	const [, words, figure] = /^(.*) \(([\d.,]+)\)$/.exec(text ?? '')!;
	expect(numberIn(figure)).toBeCloseTo(before, 6);
	expectSize(words, (100 * (now - before)) / before);
}

function expectSize(words: string, change: number): void {
	if (words === 'unchanged') return expect(change).toBe(0);
	if (words === 'about the same') return expect(Math.abs(change)).toBeLessThanOrEqual(0.0501);
	const [, sign, digits] = /^([▲▼]) ([\d.,]+)(%| points?)$/.exec(words)!;
	expect(sign).toBe(change > 0 ? '▲' : '▼');
	expect(Math.abs(numberIn(digits) - Math.abs(change))).toBeLessThanOrEqual(
		digits.includes('.') ? 0.0501 : 0.501,
	);
}

function expectSentence(text: string, now: Counts, before: Counts): void {
	const { calls, answered, failed, pending, voicemail, missing, cents } = now;
	if (calls === 0) {
		return expect(text).toBe(
			before.calls > 0 ? `No calls. ${before.calls} the day before.` : 'No calls, and none the day before.',
		);
	}
	const [, count, none] = /^(\d+) calls?( \(no calls the day before\))?, /.exec(text)!;
	expect([Number(count), none !== undefined]).toEqual([calls, before.calls === 0]);
	if (pending === calls) return expect(text).toMatch(/(not|none) ended yet\.$/);
	const rate = /, ([\d.]+%) answered(?: \((.*?)\))?/.exec(text);
	expect(rate !== null).toBe(answered + failed > 0);
	if (rate) expectShare(rate[1], rateOf(now));
	const points = /^([\d.]+) points? (less|more) than Thursday$/.exec(rate?.[2] ?? '');
	if (points)
		expectSize(`${points[2] === 'more' ? '▲' : '▼'} ${points[1]} points`, rateOf(now) - rateOf(before)); // prettier-ignore
	else if (rate?.[2]) expectSize(rate[2], rateOf(now) - rateOf(before));
	else if (rate) expect(before.answered + before.failed).toBe(0);
	if (rate) expect(text).toContain(failed === 0 ? ', none failed' : `, ${failed} failed`);
	expect(/(\d+) to voicemail/.exec(text)?.[1]).toBe(voicemail > 0 ? `${voicemail}` : undefined);
	expectCost(/, (?:cost )?([^,]*)\.$/.exec(text)![1], { missing, cents });
}

function expectCost(text: string, { missing, cents }: Pick<Counts, 'missing' | 'cents'>): void {
	if (missing > 0 && cents === 0) return expect(text).toBe('not known yet');
	expect(text.endsWith(' so far')).toBe(missing > 0);
	expect(Number(/^([\d.]+)( USD)?( so far)?$/.exec(text)?.[1])).toBeCloseTo(cents / 100, 6);
}

test('each sentence and card has the figures of its calls, and says no more than they tell', () => {
	const list = fc.array(record, { maxLength: 40 });
	fc.assert(
		fc.property(list, list, (records, earlier) => {
			const [now, before] = [countsOf(records), countsOf(earlier)];
			const { text, subject } = reportOf(records, { earlier });
			const [, , sentence, ...lines] = text.split('\n');
			expectSentence(sentence, now, before);
			expect(text.match(/not ended yet|none ended yet/g) ?? []).toHaveLength(now.pending > 0 ? 1 : 0);
			if (now.calls === 0) return;
			if (before.calls === 0) expect(subject).not.toContain('before');
			const cards = new Map(lines.map((line) => /^(\w+): (.*?)(?: {2}(.*))?$/.exec(line)?.slice(1) ?? []).map(([name, ...rest]) => [name, rest])); // prettier-ignore
			const [calls, answered, failed, cost] = ['Calls', 'Answered', 'Failed', 'Cost'].map((name) => cards.get(name)!); // prettier-ignore
			expect([calls[0], failed[0]]).toEqual([`${now.calls}`, `${now.failed}`]);
			expectChange(calls[1], now.calls, before.calls);
			expectChange(failed[1], now.failed, now.pending + before.pending > 0 ? 0 : before.failed);
			expectCost(cost[0], now);
			expectChange(cost[1], now.cents / 100, now.missing + before.missing > 0 ? 0 : before.cents / 100);
			if (now.answered + now.failed === 0) return expect(answered).toEqual(['–', undefined]);
			expectShare(answered[0], rateOf(now));
			if (before.answered + before.failed === 0) return expect(answered[1]).toBeUndefined();
			const [, words, share] = /^(.*) \((.*)\)$/.exec(answered[1])!;
			expectShare(share, rateOf(before));
			expectSize(words, rateOf(now) - rateOf(before));
		}),
		{ numRuns: 400 },
	);
});

test('what a cause explains and what it does not are the whole change', () => {
	const places = ['Kenya', 'India', 'Peru', 'Chile', 'Spain', 'Mali'];
	const failures = fc.tuple(...places.map(() => fc.constantFrom(18, 20, 22, 24, 120)));
	const dayOf = (counts: number[]) =>
		counts.flatMap((failed, index) =>
			many(200, (at) => (at < failed ? failedCall : call)({ code: places[index] }, (at % 24) * 3600)),
		);
	const failedIn = (records: WireRecord[]) =>
		records.filter(({ terminationCode }) => terminationCode === '486').length;
	let named = 0;
	fc.assert(
		fc.property(failures, failures, (counts, countsBefore) => {
			const [now, before] = [dayOf(counts), dayOf(countsBefore)];
			const { text } = reportOf(now, { earlier: before, layout: { sections: ['causes'] } });
			const sentence = text.split('\n').find((line) => line.startsWith('Failures rose'));
			if (!sentence) return;
			named++;
			const whole = failedIn(now) - failedIn(before);
			if (sentence.includes('with code')) {
				const counted = `(${failedIn(now)}, ${failedIn(before)} before)`;
				return expect(sentence).toBe(`Failures rose by ${whole}: all of them with code 486 ${counted}.`);
			}
			const causes = [...sentence.matchAll(/(\w+) \(([\d.]+%) failed, ([\d.]+%) before\)/g)];
			const rises = causes.map(([, name, rate, rateBefore]) => {
				const index = places.indexOf(name);
				expectShare(rate, counts[index] / 2);
				expectShare(rateBefore, countsBefore[index] / 2);
				return counts[index] - countsBefore[index];
			});
			const sum = rises.reduce((total, rise) => total + rise, 0);
			const fell = /and fell by (\d+) in all other calls/.exec(sentence);
			if (fell) return expect(sum - Number(fell[1])).toBe(whole);
			expect(Number(/rose by (\d+)/.exec(sentence)?.[1])).toBe(whole);
			if (/ all of them /.test(sentence)) expect(sum).toBe(whole);
			else
				expect([...sentence.matchAll(/(\d+)(?: of them)? in/g)].map(([, rise]) => Number(rise))).toEqual(
					rises,
				);
		}),
		{ numRuns: 60 },
	);
	expect(named).toBeGreaterThan(0);
});

test('what ITNIO may not have listed, and what a filter leaves out, is said', () => {
	const listed = (layout: object, earlier = [call()]) => reportOf([], { earlier, layout });
	expect(listed({}).text).toContain('No calls. 1 the day before.');
	expect(listed({ hasGaps: true }).subject).toMatch(/: No calls listed\. 1 the day before$/);
	expect(listed({ hasGaps: true }).text).toContain("Calls of this time may be missing from the list of ITNIO TECH.");
	expect(listed({ hasGapsBefore: true }).subject).toMatch(/: No calls\. 1 or more the day before$/);
	expect(listed({ hasGapsBefore: true }, []).subject).toMatch(/: No calls$/);
	// There are no changes to be exact.
	expect(listed({ hasGaps: true }).text).not.toMatch(/changes/i);
	expect(listed({ hasGapsBefore: true }).text).toMatch(/Calls of the time before may be missing from the list of ITNIO TECH\.$/);
	expect(reportOf([call()], { earlier: [], layout: { hasGaps: true } }).text).not.toMatch(/changes/i);
	const { text, html } = reportOf([call()], { earlier: [call()], layout: { isFiltered: true, hasGapsBefore: true } });
	for (const output of [text, html]) {
		expect(output).toContain('Only calls that match the filters are counted.');
		expect(output).toContain("Calls of the time before may be missing from the list of ITNIO TECH, so changes may not be exact.");
	}
}); // prettier-ignore

test('what is listed in part is not called the whole', () => {
	const gaps = (layout: object) => reportOf([call()], { earlier: [call({ cost: '5' })], layout });
	const part = gaps({ hasGaps: true });
	expect(part.subject).toMatch(/: 1 call listed, 100% answered, none failed, 0\.50 USD so far$/);
	expect(part.text).toContain('\n1 call listed, 100% answered (unchanged), none failed, 0.50 USD so far.');
	expect(part.text).toContain('\nCost: 0.50 USD so far\n');
	expect(part.text).toContain('\nChanges may not be exact.\n');
	expect(part.html).toContain('Changes may not be exact.');
	expect(gaps({ hasGapsBefore: true }).text).toContain('\nCost: 0.50 USD\n');
	expect(gaps({}).text).toContain('\nCost: 0.50 USD  ▼ 90% (5.00)\n');
	expect(reportOf([call()], { layout: { hasGaps: true } }).text).not.toContain('Changes');
});

test('a filtered report never speaks of all calls', () => {
	const filtered = (records: WireRecord[], layout = {}) => reportOf(records, { earlier: [], layout: { isFiltered: true, ...layout } }); // prettier-ignore
	expect(filtered([]).subject).toMatch(/: No matching calls, and none the day before$/);
	expect(filtered([call()]).subject).toMatch(/: 1 matching call, 100% answered/);
	expect(filtered([call()]).text).toContain(
		'\n1 matching call (no matching calls the day before), 100% answered',
	);
	expect(filtered([call()], { hasGapsBefore: true }).text).toContain('\n1 matching call, 100% answered');
});

test('the subject says how many calls have not ended, as no note follows it', () => {
	const pending = many(99, () => call({ terminationCode: null, cost: null }));
	const { subject, text } = reportOf([call(), ...pending]);
	expect(subject).toMatch(/: 100 calls, 100% answered, none failed, 99 not ended yet, 0\.50 USD so far$/);
	expect(text).toContain('\n99 calls have not ended yet.\n');
	// Said once where no other call is there.
	expect(reportOf(pending).text.match(/.*ended yet.*/g)).toEqual(['99 calls, none ended yet.']);
});

test('an hour is named the busiest only where it is alone', () => {
	const seen = (hours: number[]) => reportOf(hours.map((hour) => call({}, hour * 3600))).text;
	expect(seen([9, 13, 13])).toContain(' most at 13:00 (2 calls)');
	expect(seen([9, 9, 13, 13])).toContain(' at most 2 calls\n');
});
