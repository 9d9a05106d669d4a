const AMOUNT = /^([+-]?)(\d{1,30}|(?=\.\d))(?:\.(\d{0,30}))?(?:e([+-]?\d{1,2}))?$/i;

export function isAmount(text: string): boolean {
	return AMOUNT.test(text);
}

/** A sum of decimals in text, exact to the last digit. */
export class ExactSum {
	private units = 0n;
	/** Decimal places of `units`. */
	private scale = 0;

	/**
	 * @param times how many such amounts there are
	 * @returns whether the text is an amount; otherwise the sum does not change
	 */
	add(text: string, times = 1): boolean {
		const match = AMOUNT.exec(text);
		if (!match) return false;
		const [, sign, whole, fraction = '', exponent = '0'] = match;
		const scale = fraction.length - Number(exponent);
		const units = BigInt(sign + whole + fraction) * BigInt(times);
		if (scale > this.scale) {
			this.units *= 10n ** BigInt(scale - this.scale);
			this.scale = scale;
		}
		this.units += scale === this.scale ? units : units * 10n ** BigInt(this.scale - scale);
		return true;
	}

	/** Without trailing zeros, e.g. `12.5`. */
	toString(): string {
		const isNegative = this.units < 0n;
		const digits = String(isNegative ? -this.units : this.units).padStart(this.scale + 1, '0');
		const whole = digits.slice(0, digits.length - this.scale);
		const fraction = digits.slice(digits.length - this.scale).replace(/0+$/, '');
		return (isNegative ? '-' : '') + whole + (fraction && `.${fraction}`);
	}
}

/** Plain decimals as whole numbers of the same unit, to divide them exactly. */
export function wholeNumbers(...amounts: string[]): bigint[] {
	const scale = Math.max(...amounts.map((amount) => (amount.split('.')[1] ?? '').length));
	return amounts.map((amount) => {
		const [whole, fraction = ''] = amount.split('.');
		return BigInt(whole + fraction.padEnd(scale, '0'));
	});
}
