import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import {
	countFailure,
	createDigest,
	emptyTally,
	tallySchema,
	withMatches,
	type DigestTally,
} from '../../../../nodes/Itniotech/triggers/polling/digest';
import { NOW_S } from '../../../support/times';

const FROM = NOW_S;

const failure = (
	terminationCode: string | number | null,
	terminationReason: string | null,
	code?: string,
) => ({
	voiceId: '1',
	callee: '15550100123',
	terminationCode,
	terminationReason,
	code,
});

function tallyOf(failures: WireRecord[], changes: Partial<DigestTally> = {}): DigestTally {
	const tally = emptyTally(FROM);
	for (const record of failures) countFailure(tally, record);
	return { ...tally, calls: failures.length, matches: failures.length, ...changes };
}

const mark = fc.constantFrom(...'<>[]`*_~|\n\r\ta ');

const digestOf = (tally: DigestTally, toS = FROM + 60, zone = 'UTC') =>
	createDigest(tally, { toS, records: [], toOutput: (record) => record, zone });

test('a code without words of the service is said in plain words', () => {
	const { failuresByReason, text } = digestOf(tallyOf([failure('487', ''), failure('799', null)]));
	expect(failuresByReason).toBe('487 not picked up in time: 1, 799: 1');
	expect(text).toContain('Reasons: 487 not picked up in time: 1, 799: 1');
});

test('failures are counted by code and reason and by area, most first', () => {
	const digest = digestOf(
		tallyOf([
			failure('404', 'Not Found', 'Peru'),
			failure('486', 'Busy', 'Chile'),
			failure(486, ' Busy ', ' Chile'),
			failure('486', 'Busy Here', 'Chile'),
			failure('486', 'Busy', 'Peru'),
			failure(null, null),
		]),
	);
	expect(digest).toMatchObject({ calls: 6, failures: 6, matches: 6, failureRate: 1 });
	expect(digest).toMatchObject({
		failuresByReason: '486 Busy: 3, 404 Not Found: 1, 486 Busy Here: 1, unknown: 1',
		failuresByArea: 'Chile: 3, Peru: 2, unknown: 1',
	});
	const details = digest.details as IDataObject;
	expect(details.failuresByReason).toEqual([
		{ terminationCode: '486', terminationReason: 'Busy', calls: 3 },
		{ terminationCode: '404', terminationReason: 'Not Found', calls: 1 },
		{ terminationCode: '486', terminationReason: 'Busy Here', calls: 1 },
		{ terminationCode: '', terminationReason: '', calls: 1 },
	]);
	expect(details.failuresByArea).toEqual([
		{ area: 'Chile', calls: 3 },
		{ area: 'Peru', calls: 2 },
		{ area: '', calls: 1 },
	]);
});

test('the texts of reasons and areas list the ten most frequent', () => {
	const failures = Array.from({ length: 12 }, (_, nth) =>
		Array.from({ length: 20 - nth }, () => failure(`${500 + nth}`, 'Fault', `Area ${nth}`)),
	).flat();
	const { failuresByReason, failuresByArea } = digestOf(tallyOf(failures));
	const counted = (text: unknown) => Array.from(String(text).matchAll(/(\d+)[^,\d]*: (\d+)/g), ([, name, calls]) => [Number(name) % 500, Number(calls)]); // prettier-ignore
	const ten = Array.from({ length: 10 }, (_, nth) => [nth, 20 - nth]);
	expect([counted(failuresByReason), counted(failuresByArea)]).toEqual([ten, ten]);
});

test('a digest is flat and begins with its text; lists are in its details', () => {
	const { details, ...fields } = digestOf(tallyOf([failure('486', 'Busy', 'Chile')]));
	expect(Object.keys(fields)).toEqual([
		'text',
		'from',
		'to',
		'calls',
		'failures',
		'failureRate',
		'matches',
		'failuresByReason',
		'failuresByArea',
	]);
	expect(Object.values(fields).filter((value) => typeof value === 'object')).toEqual([]);
	expect(Object.keys(details as IDataObject)).toEqual(['failuresByReason', 'failuresByArea', 'samples']);
});

test('no mark-up of Slack or Telegram gets out of a record into a text', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: mark }), (reason, area) => {
			const { text, failuresByReason, failuresByArea } = digestOf(tallyOf([failure('486', reason, area)]));
			for (const value of [text, failuresByReason, failuresByArea]) {
				expect(value).not.toMatch(/[<>[\]`*_~|]/);
				expect(String(value).split('\n').length).toBe(value === text ? 3 : 1);
			}
		}),
	);
	expect(digestOf(tallyOf([failure('480', 'NO_ANSWER', '<!channel>')])).text).toContain('480 NO ANSWER: 1');
});

test.each<[string, Partial<DigestTally>, number | null, string]>([
	['without calls', { calls: 0, matches: 0 }, null, '0 of 0 calls failed, 2026-11-20 08:00 to 08:01 (UTC)'],
	[
		'without failures',
		{ calls: 7, matches: 7 },
		0,
		'0 of 7 calls failed (0%), 2026-11-20 08:00 to 08:01 (UTC)',
	],
	['one call', { calls: 1, failures: 0 }, 0, '0 of 1 call failed (0%), 2026-11-20 08:00 to 08:01 (UTC)'],
	[
		'a third',
		{ calls: 3, failures: 1 },
		0.3333,
		'1 of 3 calls failed (33.3%), 2026-11-20 08:00 to 08:01 (UTC)\nReasons: \nAreas: ',
	],
	[
		'failures of calls that were counted before',
		{ calls: 0, failures: 2, matches: 2 },
		1,
		'2 of 2 calls failed (100%), 2026-11-20 08:00 to 08:01 (UTC)\nReasons: \nAreas: ',
	],
	[
		'one of 29',
		{ calls: 29, failures: 1 },
		0.0345,
		'1 of 29 calls failed (3.4%), 2026-11-20 08:00 to 08:01 (UTC)\nReasons: \nAreas: ',
	],
	[
		'a few of very many',
		{ calls: 200_000, failures: 1 },
		0.0001,
		'1 of 200,000 calls failed (0.001%), 2026-11-20 08:00 to 08:01 (UTC)\nReasons: \nAreas: ',
	],
])('the rate and the text fit %s', (_case, changes, failureRate, text) => {
	expect(digestOf(tallyOf([], changes))).toMatchObject({ failureRate, text });
});

test('the text names the three most frequent reasons and areas', () => {
	const failures = ['a', 'b', 'b', 'c', 'c', 'c', 'd'].map((name) => failure(name, `why ${name}`, name));
	expect(
		String(digestOf(tallyOf([...failures, failure('e', 'why e')])).text)
			.split('\n')
			.slice(1),
	).toEqual([
		'Reasons: c why c: 3, b why b: 2, a why a: 1, and 2 more',
		'Areas: c: 3, b: 2, a: 1, and 2 more',
	]);
	expect(digestOf(tallyOf([failure('486', 'Busy')])).text).toContain('\nAreas: unknown: 1');
});

test('a few hundred reasons and areas are told apart, the others are counted together', () => {
	const tally = tallyOf(
		Array.from({ length: 4_000 }, (_, index) =>
			failure('486', `why ${index} ${'x'.repeat(1000)}`, `area ${index} ${'x'.repeat(1000)}`),
		),
	);
	const sum = (groups: Array<{ calls: number }>) => groups.reduce((total, { calls }) => total + calls, 0);
	for (const groups of [tally.failuresByReason, tally.failuresByArea]) {
		expect(groups).toHaveLength(201);
		expect(sum(groups)).toBe(4_000);
	}
	countFailure(tally, failure('486', 'why 0 ' + 'x'.repeat(1000), 'new area'));
	expect(tally.failuresByReason[0].calls).toBe(2);
	expect(tally.failuresByReason.at(-1)).toEqual({
		terminationCode: '',
		terminationReason: 'other',
		calls: 3_800,
	});
	expect(tally.failuresByArea.at(-1)).toEqual({ area: 'other', calls: 3_801 });
	expect(JSON.stringify(tally).length).toBeLessThan(120_000);
	expect(tallySchema.parse(JSON.parse(JSON.stringify(tally)))).toEqual(tally);
	expect(digestOf(tally).text).toContain('Reasons: other: 3,800, 486 why 0');
});

test.each([
	['UTC', FROM + 3600, '2026-11-20 08:00 to 09:00 (UTC)', '2026-11-20T08:00:00Z'],
	['Asia/Singapore', FROM + 60, '2026-11-20 16:00 to 16:01 (Asia/Singapore)', '2026-11-20T16:00:00+08:00'],
	[
		'America/New_York',
		FROM + 86_400,
		'2026-11-20 03:00 to 2026-11-21 03:00 (America/New York)',
		'2026-11-20T03:00:00-05:00',
	],
])('the period is in the zone %s', (zone, toS, period, from) => {
	const digest = digestOf(tallyOf([]), toS, zone);
	expect(digest.text).toContain(period);
	expect(digest.from).toBe(from);
});

test('the ids of the last ten calls are the samples', () => {
	let tally = emptyTally(FROM);
	for (let index = 0; index < 12; index += 3) {
		tally = withMatches(
			tally,
			[0, 1, 2].map((offset) => ({ voiceId: `${index + offset}` })),
		);
	}
	expect(tally.matches).toBe(12);
	expect(tally.sampleIds).toEqual(['2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
});

test('a tally is plain JSON without phone numbers, and is read back', () => {
	const tally = tallyOf([failure('486', 'Busy', 'Chile')], { sampleIds: ['1'] });
	const text = JSON.stringify(tally);
	expect(JSON.parse(text)).toEqual(tally);
	expect(tallySchema.parse(JSON.parse(text))).toEqual(tally);
	expect(text).not.toContain('15550100123');
});

const reason = (changes: object) => ({
	terminationCode: '486',
	terminationReason: 'Busy',
	calls: 1,
	...changes,
});

test.each<[string, unknown]>([
	['null', null],
	['text', 'tally'],
	['a list', []],
	['without fields', {}],
	['text for a number', { ...emptyTally(1), calls: '1' }],
	['a negative number', { ...emptyTally(1), failures: -1 }],
	['a fraction', { ...emptyTally(1), matches: 0.5 }],
	['a reason without a number', { ...emptyTally(1), failuresByReason: [reason({ calls: undefined })] }],
	['a code as a number', { ...emptyTally(1), failuresByReason: [reason({ terminationCode: 486 })] }],
	['a reason as a number', { ...emptyTally(1), failuresByReason: [reason({ terminationReason: 1 })] }],
	['an area as text', { ...emptyTally(1), failuresByArea: ['Chile'] }],
	['an id as a number', { ...emptyTally(1), sampleIds: [1] }],
])('a tally is refused: %s', (_case, value) => expect(tallySchema.safeParse(value).success).toBe(false));

test('the text names the numbers of the newest calls, each once', () => {
	const records = ['1', '2', '3', '2', '', '4', '5', '6'].map((callee) => ({ voiceId: '1', callee }));
	const context = { toS: FROM + 60, zone: 'UTC', toOutput: ({ callee }: WireRecord) => ({ number: callee }) };
	const digest = createDigest(tallyOf([failure('486', 'Busy')]), { ...context, records });
	expect(String(digest.text).split('\n')[3]).toBe('Latest numbers: 6, 5, 4, 2, 3');
	// The first line is about failed calls; these are others.
	const answered = createDigest(tallyOf([], { calls: 4000, matches: 3000 }), {
		...context,
		records,
		countName: 'Answered',
	});
	expect(String(answered.text).split('\n')).toEqual([
		expect.stringContaining('0 of 4,000 calls failed (0%), '),
		'Answered: 3,000. Latest numbers: 6, 5, 4, 2, 3',
	]);
	expect((digest.details as IDataObject).samples).toEqual(records.map(({ callee }) => ({ number: callee })));
	const marked = createDigest(tallyOf([]), {
		...context,
		records: [{ voiceId: '1', callee: '<!here> *1*' }],
	});
	expect(marked.text).not.toMatch(/[<>*]/);
});
