/**
 * Parses JSON from ITNIO TECH. A voice id has more digits than a JavaScript number can hold: sent as a number, it
 * becomes text before parsing.
 * @returns `undefined` where the text is no JSON
 */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text.replace(/("voiceId"\s*:\s*)(\d+)/g, '$1"$2"'));
	} catch {
		return undefined;
	}
}
