import type { JsonObject } from 'n8n-workflow';

export function isRecord(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `undefined`, `null`, or an object without fields. */
export function isNothing(value: unknown): boolean {
	return (value ?? null) === null || (isRecord(value) && Object.keys(value).length === 0);
}

/** A value that was sent as text or as a number; empty for anything else. */
export function wireText(value: unknown): string {
	if (typeof value === 'string') return value.trim();
	return Number.isFinite(value) ? String(value) : '';
}

/** A number that was sent as a number or as text; `undefined` for anything else. */
export function finiteNumber(value: unknown): number | undefined {
	const text = wireText(value);
	const number = text === '' ? NaN : Number(text);
	return Number.isFinite(number) ? number : undefined;
}

/** Turns IDs into text, as a number cannot hold all their digits; `data` is the ID of a call that was placed. `undefined` if the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(
			text.replace(/("voiceId"\s*:\s*|"(?:data|id|\w{1,30}Id)"\s*:\s*(?=\d{16}))(\d+)/g, '$1"$2"'),
		);
	} catch {
		return undefined;
	}
}

/** Whether JSON ends too early, rather than being wrong somewhere before its end. */
export function endsTooEarly(text: string): boolean {
	try {
		JSON.parse(text);
		return false;
	} catch (error) {
		const { message } = error as SyntaxError;
		const position = / at position (\d+)( \(line \d+ column \d+\))?$/.exec(message)?.[1];
		return message === 'Unexpected end of JSON input' || Number(position) === text.length;
	}
}

/** The ID in an answer; `null` for what only says that the request went well, such as `true`, 0 or `success`. */
export function answeredId(value: unknown): string | null {
	const text = wireText(value);
	return /^(\w[\w-]*)?[1-9]/.test(text) ? text : null;
}
