/** The decoded body of a mail in one of its formats, e.g. `text/html`. */
export function bodyOf(mail: string, contentType: string): string {
	const [, boundary] = /boundary="([^"]+)"/.exec(mail) ?? [];
	const parts = boundary ? mail.split(`--${boundary}`) : [mail];
	const part = parts.find((one) => headOf(one).includes(`Content-Type: ${contentType}`));
	if (part === undefined) throw new Error(`The mail has no ${contentType}`);
	const body = part.slice(part.indexOf('\r\n\r\n') + 4);
	if (headOf(part).includes('base64')) return Buffer.from(body, 'base64').toString();
	return headOf(part).includes('quoted-printable') ? quotedText(body) : body;
}

export function subjectOf(mail: string): string | undefined {
	const [, subject] = /^Subject: (.*)$/m.exec(headOf(mail)) ?? [];
	return subject
		?.replaceAll('?= =?', '?==?')
		.replace(/=\?UTF-8\?([QB])\?(.*?)\?=/gi, (_word, encoding: string, text: string) =>
			encoding.toUpperCase() === 'B'
				? Buffer.from(text, 'base64').toString()
				: quotedText(text.replaceAll('_', ' ')),
		);
}

/** The lines of a head; one that was folded is one again. */
function headOf(part: string): string {
	return part
		.trimStart()
		.split('\r\n\r\n')[0]
		.replace(/\r\n[ \t]+/g, ' ')
		.replace(/\r\n/g, '\n');
}

/** The text of quoted-printable. */
function quotedText(body: string): string {
	return body
		.replace(/=\r\n/g, '')
		.replace(/(=[\dA-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString());
}
