export type Body = Record<string, unknown>;

export function isFilled(value: unknown): value is string {
	return typeof value === 'string' && value.trim() !== '';
}

export function isInt(value: unknown, min: number, max: number): value is number {
	return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}

export function isObject(value: unknown): value is Body {
	return typeof value === 'object' && value !== null;
}
