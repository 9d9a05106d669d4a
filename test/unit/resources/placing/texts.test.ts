import fc from 'fast-check';

import {
	hasGap,
	hasGapInName,
	refuseLeftovers,
	refuseLeftoversInId,
} from '../../../../nodes/Itniotech/resources/placing/texts';

const check = (text: string, language = 'EN') => refuseLeftovers(text, 'Text', language);

/** What n8n and JavaScript make of values that are no text, put where a value belongs. */
const LEFTOVERS: string[] = [
	...[{}, { name: 'Ann' }, new Map(), Promise.resolve(''), undefined, null, NaN, Infinity, -Infinity].map(
		String,
	),
	...[() => 1, String, Math.max].map(String),
	String(new Date(NaN)),
	'Invalid DateTime',
	'Invalid Duration',
	'Invalid Interval',
	'Symbol(name)',
	'[object Array]',
	'[object Undefined]',
	'[Array]',
	'[Object]',
	'[Object: {"name":"Ann"}]',
	'[Array: [1,2]]',
	'[undefined]',
	'[null]',
	'[ERROR: Cannot read properties of undefined]',
	'[Function: name]',
	'[Circular *1]',
	'{{ $json.name }}',
	'{{name}}',
	'$json.name',
	'$json["name"]',
	"$('Call').item.json.name",
	'$input.first().json.name',
	'$now.toISO()',
	'${name}',
	'{"name":"Ann"}',
	'TypeError: x is not a function',
	'#REF!',
	'#N/A',
];

test.each(LEFTOVERS)('%s where a value belongs is refused, whatever stands around it', (leftover) => {
	for (const text of [
		leftover,
		`Your balance is ${leftover}`,
		`Your balance is ${leftover}.`,
		`The code: ${leftover}`,
		`Saldo = ${leftover}, gracias`,
	]) {
		expect(() => check(text)).toThrow(/^"Text" contains ".+", as if a value were missing/);
	}
});

test('an equals sign before a text is that of an expression', () => {
	expect(() => check('=Hello Ann')).toThrow('"Text" contains "="');
});

test.each([
	['Hello undefined, your order is ready.'],
	['Dear undefined, press 1.'],
	['Hello null, your order is ready.'],
	['Your parcel null is on its way'],
	['Your parcel undefined is on its way'],
	['1 and undefined'],
])('a text to speak is refused: %s', (text) => {
	expect(() => check(text)).toThrow('contains "');
});

test.each([
	['Ihr Kontostand ist null Euro.', 'DE'],
	['Drücken Sie null.', 'DE'],
	['Wählen Sie die null', 'EN'],
	['Trykk null for å avslutte', 'NO'],
	['This contract is null and void.', 'EN'],
	['The null hypothesis was rejected.', 'EN'],
	['Our infinity pool is open from 9 to 5.', 'EN'],
	['Welcome to Infinity Fitness.', 'EN'],
	['Welcome to Infinity.', 'EN'],
	['This is Infinity. Press 1 for opening hours.', 'EN'],
	['My name is Infinity.', 'EN'],
	['To infinity and beyond!', 'EN'],
	['Undefined behaviour is a matter of compilers.', 'EN'],
	['That is undefined behaviour.', 'EN'],
	['It was left undefined by the court.', 'EN'],
	['We call an undefined number of people.', 'EN'],
	['Nan called. Press 1 to call Nan back.', 'EN'],
	['Enjoy our naan bread.', 'EN'],
	['Please enter a valid date. An invalid date is not accepted.', 'EN'],
	['The object of this call is your order.', 'EN'],
	['This function is not available. Functions cost $5 (five dollars).', 'EN'],
	['Your total is $12.50, that is 5% less.', 'EN'],
	['Press 1 for yes, 2 for no.', 'EN'],
	['The array of options is large; nothing is undefined behavior here.', 'EN'],
	['Ihre Bestellung Nr. 42 ist da', 'DE'],
	['您的验证码是 1 2 3 4', 'ZH'],
	['คุณมีนัด', 'TH'],
])('a text to speak is accepted: %s', (text, language) => {
	expect(() => check(text, language)).not.toThrow();
	expect(hasGap(text)).toBe(false);
});

test('words of letters and digits alone are innocent, however they are put together', () => {
	const word = fc
		.stringMatching(/^[A-Za-zÄÖÜäöüß]{1,12}$/)
		.filter((text) => !/^(undefined|null|NaN|Infinity)$/.test(text));
	const text = fc
		.array(fc.oneof(word, fc.nat().map(String)), { minLength: 1 })
		.map((words) => `${words.join(' ')}.`);
	fc.assert(
		fc.property(text, (one) => {
			expect(() => check(one)).not.toThrow();
			expect(hasGap(one)).toBe(false);
		}),
		{ numRuns: 1000 },
	);
});

test.each([
	['Hello , your code is 12'],
	['Your share is  percent'],
	['Hello , your code is  .'],
	['Your code is '],
	[', your order is ready'],
	['Your code ( ) is valid'],
	['The file "" is ready'],
	['Your code:'],
	[' has sent you a parcel'],
	['Doctor Dr.  is waiting'],
	['The amount:  euros'],
	['You ordered 2 shirts, '],
	["The file '' is ready"],
	['The file ‘’ is ready'],
])('a text to speak looks as if a value were missing: %j', (text) => {
	expect(hasGap(text)).toBe(true);
	expect(() => check(text.trim())).not.toThrow();
});

test('a space before an exclamation mark is a gap, except in French', () => {
	const text = 'Hello !';
	expect(['EN', 'en-US', 'DE'].map((language) => hasGap(text, language))).toEqual([true, true, true]);
	expect(['FR', 'fr-FR', undefined].map((language) => hasGap(text, language))).toEqual([false, false, false]);
});

test.each([['Hello.  Your code is 12.'], ['Line 1\nline 2'], ['Hello, Ann.\n\n  Press 1.'], ['Bonjour !']])(
	'a text to speak has no gap: %j',
	(text) => expect(hasGap(text)).toBe(false),
);

test.each([
	['order [object Object]'],
	['order-undefined'],
	['undefined'],
	['order null'],
	['n-NaN'],
	['order {{ $json.id }}'],
	['=order-1'],
	['Invalid DateTime'],
])('a reference is refused: %s', (text) => {
	expect(() => refuseLeftoversInId(text, 'Called Info')).toThrow('"Called Info" contains "');
});

test.each([
	['order-7'],
	['nullable-1'],
	['infinity-pool'],
	['{"order":7,"note":null}'],
	['Süd 12/3'],
	['annulled'],
])('a reference is taken: %s', (text) =>
	expect(() => refuseLeftoversInId(text, 'Called Info')).not.toThrow(),
);

test.each([
	'Acme Inc.',
	'Sale of Dr. Who & Co.',
	'#1042',
	'order #1042',
	'Wait for it...',
	'https://crm.example/orders/1042',
	'2026-11-29',
	'Spring sale (50% off)',
	'v1.2/3_4',
	'n8n-1042-9f3a77c1',
	'Q&A: part 2',
	'C++',
])('the name %s has no gap', (name) => expect(hasGapInName(name)).toBe(false));

test.each([
	'order-',
	'-1042',
	'order--2',
	'order #',
	'v1.',
	'v1..3',
	'.2',
	'a//b',
	'https://crm.example/orders/',
	'order_',
	'order ()',
	'order  of today',
	'Acme Inc.-',
])('the name "%s" has a gap', (name) => expect(hasGapInName(name)).toBe(true));
