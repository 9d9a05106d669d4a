/** A page of 100 records takes about 100 kB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * @returns the text of a streamed answer, `undefined` if it is larger than 16 MB, without reading on
 * @throws what the connection throws when it ends too early
 */
export async function readBody(body: unknown): Promise<string | undefined> {
	if (!isStream(body)) return typeof body === 'string' ? body : '';
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of body) {
		bytes += chunk.length;
		// Leaving the loop closes the connection.
		if (bytes > MAX_BODY_BYTES) return undefined;
		chunks.push(chunk);
	}
	return new TextDecoder().decode(Buffer.concat(chunks));
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
