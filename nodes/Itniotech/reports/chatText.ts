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

/** Text out of a record as one line of a chat message, without mark-up and control characters. */
export function chatText(text: string): string {
	return text
		.replace(/[<>[\]`*_~|]/g, (character) => LOOK_ALIKES[character])
		.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
		.trim();
}

/** The first entries, e.g. `486 Busy Here: 7, 503 Service Unavailable: 5, and 3 more`. */
export function listText(entries: string[], max: number): string {
	const more = entries.length - max;
	return entries.slice(0, max).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
