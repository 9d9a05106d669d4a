import fc from 'fast-check';
import { DateTime } from 'luxon';
import { UserError } from 'n8n-workflow';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import {
	FIELD_NAMES,
	RECORD_FIELDS,
	createOutput,
	readFields,
	selectFields,
} from '../../../../nodes/Itniotech/records/output/fields';
import { localTimeIn } from '../../../../nodes/Itniotech/records/output/localTime';
import { recordFieldOptions } from '../../../../nodes/Itniotech/shared/fields';
import { objectsIn } from '../../../support/objectsIn';
import { thrownBy } from '../../support/thrownBy';

const ZONE = 'Asia/Singapore';

/** The record that the vendor's page shows. */
const SAMPLE: WireRecord = Object.freeze({
	voiceId: '2203031113381000002',
	callee: '91856321412',
	displayNum: '1008122211',
	code: 'Afghanistan(Kandahar)',
	submitTime: '2022-01-18T14:42:40+08:00',
	callTime: '2022-01-18T14:45:42+08:00',
	callDuration: 5,
	terminationCode: '200',
	terminationReason: 'success',
	cost: '2',
	feedbackValue: '1',
	calledInfo: 'order-1042',
});

/** With an offset: a database takes no other, or shifts it. */
const ISO_TIME = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/;

const simplify = (record: WireRecord, zone = ZONE) => createOutput(true, undefined, zone)(record);

describe('a simplified record', () => {
	test('has the fields of the contract, in reading order', () => {
		expect(Object.entries(simplify(SAMPLE))).toEqual([
			['submitTime', '2022-01-18T14:42:40+08:00'],
			['calledNumber', '91856321412'],
			['area', 'Afghanistan(Kandahar)'],
			['outcome', 'answered'],
			['reason', '200 success'],
			['callDuration', 5],
			['cost', 2],
			['keyPressed', '1'],
			['calledInfo', 'order-1042'],
			['voiceId', '2203031113381000002'],
		]);
	});

	test.each([
		['null', null],
		['empty text', ''],
		['absent', undefined],
	])('shows null for a value that is %s', (_case, nothing) => {
		const wire: WireRecord = { voiceId: '1' };
		for (const key of Object.keys(SAMPLE))
			if (key !== 'voiceId' && nothing !== undefined) wire[key] = nothing;
		const { voiceId, outcome, ...others } = simplify(wire);
		expect([voiceId, outcome]).toEqual(['1', 'pending']);
		expect(Object.values(others)).toEqual(Array(8).fill(null));
	});

	test('shows a duration and a cost of nothing as 0, and no key as null', () => {
		expect(simplify({ voiceId: '1', callDuration: 0, cost: '0.000', feedbackValue: '-1' })).toMatchObject({
			callDuration: 0,
			cost: 0,
			keyPressed: null,
		});
	});
});

test('a raw record is what the API sends, in an object that no other item has', () => {
	const wire = JSON.parse(
		'{"voiceId":"1","cost":null,"calledInfo":{"order":[{"id":7}]},"__proto__":{"a":1}}',
	);
	const toOutput = createOutput(false, undefined, ZONE);
	const [output, other] = [toOutput(wire), toOutput(wire)];
	expect(JSON.stringify(output)).toBe(JSON.stringify(wire));
	const objects = objectsIn(output);
	expect(objects).toHaveLength(5);
	expect(objectsIn(other).filter((one) => objects.includes(one))).toEqual([]);
});

describe('selected fields', () => {
	test('come in the chosen order and win over Simplify', () => {
		const names = readFields(['hangupTime', 'cost', 'country', 'displayNum']);
		for (const isSimple of [true, false])
			expect(Object.entries(createOutput(isSimple, names, ZONE)(SAMPLE))).toEqual([
				['hangupTime', null],
				['cost', 2],
				['country', 'Afghanistan'],
				['displayNum', '1008122211'],
			]);
	});

	test('each have the one type of their column, whatever the API sends', () => {
		const value = fc.oneof(
			fc.constantFrom(null, undefined, '', ' ', '0.10', '-1', 'free', 7, 0, '2022-01-18T14:42:40+08:00'),
			fc.string(),
			fc.double(),
			fc.boolean(),
			fc.constant({ order: 7 }),
			fc.constant(['a']),
			fc.constantFrom('2026-11-20 10:00:00', '2026-11-20T10:00:00', '2026-11-20T10:00:00+08:00'),
		);
		const wireNames = [...FIELD_NAMES, 'callee', 'code'];
		const record = fc.record(Object.fromEntries(wireNames.map((name) => [name, value])));
		const toOutput = selectFields(FIELD_NAMES, ZONE);
		fc.assert(
			fc.property(record, (fields) => {
				const output = toOutput({ ...fields, voiceId: '1' } as WireRecord);
				const wrong = FIELD_NAMES.filter((name) => {
					const type = RECORD_FIELDS[name].type === 'number' ? 'number' : 'string';
					return output[name] !== null && typeof output[name] !== type;
				});
				expect(wrong).toEqual([]);
				const times = FIELD_NAMES.filter((name) => RECORD_FIELDS[name].type === 'time');
				expect(times.filter((name) => output[name] !== null && !ISO_TIME.test(String(output[name])))).toEqual(
					[],
				);
				expect(Object.keys(output)).toEqual(FIELD_NAMES);
			}),
		);
	});

	test('include every field of the API but those that have another name here', () => {
		const ofApi = 'voiceId displayNum submitTime callTime ringingTime answerTime hangupTime callDuration chargedDuration terminationCode terminationReason cost rate baseCost billPeriod voiceFileId feedbackValue calledInfo settleRate quoteExchange settlePay currency callStatus taskId sourceTaskId recordingFileId scriptId intent dimensionId outRecallCount ringDuration type sipCode'; // prettier-ignore
		expect(FIELD_NAMES).toEqual(expect.arrayContaining(ofApi.split(' ')));
		// n8n refuses this word in expressions.
		expect(FIELD_NAMES).not.toContain('callee');
		expect(recordFieldOptions.map(({ value }) => String(value)).sort()).toEqual([...FIELD_NAMES].sort());
	});

	test.each<[string, unknown, string[] | undefined]>([
		['a list', ['cost', 'area'], ['cost', 'area']],
		['a text', 'cost, area outcome', ['cost', 'area', 'outcome']],
		['a field twice', ['cost', 'area', 'cost'], ['cost', 'area']],
		['an empty list', [], undefined],
		['empty text', '', undefined],
		['nothing', undefined, undefined],
	])('are read from %s', (_, value, expected) => expect(readFields(value)).toEqual(expected));

	test.each([[['voiceId', 'price']], ['price'], [['code']], [['constructor']], [{ cost: true }]])(
		'are refused by name: %p',
		(value) => {
			const error = thrownBy(() => readFields(value, 'Columns'));
			expect(error).toBeInstanceOf(UserError);
			expect(error).toMatchObject({
				message: expect.stringMatching(
					/^Unknown value for "Columns": (price|code|constructor|an object)$/,
				) as string,
				description: `Choose from: ${FIELD_NAMES.join(', ')}`,
			});
		},
	);
});

describe('a time', () => {
	test('is that moment in the zone, as luxon formats it, in every zone', () => {
		const zones = Intl.supportedValuesOf('timeZone');
		const moment = fc.date({ min: new Date('2000-01-02'), max: new Date('2099-12-30'), noInvalidDate: true });
		fc.assert(
			fc.property(fc.constantFrom(...zones), moment, (zone, date) => {
				const expected = DateTime.fromMillis(Math.floor(date.getTime() / 1000) * 1000, { zone });
				expect(localTimeIn(zone)(date.toISOString())).toBe(expected.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ"));
			}),
			{ numRuns: 500 },
		);
	});

	test.each([
		['1970-01-01T08:00:00+08:00', null],
		['9999-12-31T23:59:59+08:00', null],
		['', null],
		[null, null],
		[undefined, null],
		[{}, null],
		['yesterday', 'yesterday'],
		['2022-01-18 14:42:40', '2022-01-18 14:42:40'],
	])('%p is output as %p', (value, expected) => {
		expect(localTimeIn('Europe/Berlin')(value)).toBe(expected);
	});
});
