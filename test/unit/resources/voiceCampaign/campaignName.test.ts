import {
	countOfParts,
	isSameName,
	namesOfParts,
} from '../../../../nodes/Itniotech/resources/voiceCampaign/campaignName';

describe.each([
	['Spring sale', 'SPRING SALE'],
	['Straße', 'STRASSE'],
	['Οδός', 'ΟΔΌΣ'],
	['Привет', 'ПРИВЕТ'],
	['İstanbul', 'istanbul'],
	['Ünlü', 'U\u0308NLU\u0308'],
	['Ｓale', 'sale'],
	['Մարտ', 'ՄԱՐՏ'],
])('%s and %s differ in case alone', (name, other) => {
	test('as names', () => {
		expect([isSameName(name, other), isSameName(other, name)]).toEqual([true, true]);
		expect(countOfParts(other, name)).toBe(1);
	});

	test('as names of parts', () => {
		for (const part of namesOfParts(other, 3)) {
			expect(countOfParts(part, name)).toBe(3);
			expect(isSameName(part, name)).toBe(false);
		}
	});
});

test.each([
	['Sale', 'Sales'],
	['Sale 1', 'Sale 2'],
	['Масса', 'Mасса '],
	['sale (1/3)', 'sale (2/3)'],
])('%s and %s are two names', (name, other) => {
	expect(isSameName(name, other)).toBe(false);
	expect(countOfParts(other, name)).toBeUndefined();
});
