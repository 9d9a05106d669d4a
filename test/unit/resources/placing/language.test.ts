import { LANGUAGES } from '../../../../nodes/Itniotech/api/placing';
import { readLanguage } from '../../../../nodes/Itniotech/resources/placing/language';

test.each(LANGUAGES)('$name may be given by its name or by its code', ({ name, value }) => {
	for (const given of [name, name.toLowerCase(), ` ${name} `]) expect(readLanguage(given)).toBe(value);
	expect(readLanguage(value)).toBe(value);
	expect(readLanguage(value.toLowerCase())).toBe(value.toLowerCase());
});

test.each(['HI', 'BN', 'TA', 'zh-CN', 'pt_BR', 'fil'])(
	'the code %s, which the list lacks, is sent as it is',
	(code) => {
		expect(readLanguage(code)).toBe(code);
	},
);

test.each(['Englisch', 'English please', 'E', '12', 'en US', 'undefined', '[object Object]'])(
	'%s is neither the name nor the code of a language',
	(text) => expect(() => readLanguage(text)).toThrow(`Unknown value for "Language": ${text}`),
);

test.each([null, undefined, '', ' '])('the language %j is refused as empty', (value) => {
	expect(() => readLanguage(value)).toThrow('"Language" is empty');
});

test.each([[{}], [['EN']], [true]])('the language %j is refused as no text', (value) => {
	expect(() => readLanguage(value)).toThrow('"Language" must be text');
});
