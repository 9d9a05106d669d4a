import type { WireRecord } from '../../api/types';
import { textOf } from '../../records/record';

const DEFAULT_CURRENCY = 'USD';
const SIGNS = new Map([
	['US$', 'USD'],
	['$US', 'USD'],
	['€', 'EUR'],
	['£', 'GBP'],
]);

/** ISO 4217; an unknown code in upper case. Without one, USD (source: the vendor's page "voice message record"). */
export function currencyOf({ currency }: WireRecord): string {
	const text = textOf(currency)?.normalize('NFKC').toUpperCase() ?? DEFAULT_CURRENCY;
	return SIGNS.get(text) ?? text;
}

export function isCurrencyCode(currency: string): boolean {
	return /^[A-Z]{3}$/.test(currency);
}
