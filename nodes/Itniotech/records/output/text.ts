/** What Slack and Telegram read as mark-up, and what looks like it. One character without a partner makes Telegram refuse a message. */
const LOOK_ALIKES: Record<string, string> = {
	'<': '‹',
	'>': '›',
	'[': '(',
	']': ')',
	'`': "'",
	'*': ' ',
	_: ' ',
	'~': ' ',
	'|': '/',
};

/** Names and reasons are shorter. */
const MAX_LENGTH = 100;

/** Text out of a record as one short line of a chat message, without mark-up and control characters. */
export function chatText(text: string): string {
	const line = text
		.replace(/[<>[\]`*_~|]/g, (character) => LOOK_ALIKES[character])
		.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
		.trim();
	// By code points, so that no character is cut in half.
	return line.length > MAX_LENGTH ? `${[...line].slice(0, MAX_LENGTH).join('')}…` : line;
}

/** The first entries, e.g. `486 Busy Here: 7, 503 Service Unavailable: 5, and 3 more`. */
export function listText(entries: string[], max: number): string {
	const more = entries.length - max;
	return entries.slice(0, max).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
