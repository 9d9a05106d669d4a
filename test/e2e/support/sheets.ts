import { generateKeyPairSync, verify } from 'node:crypto';
import fastify, { type FastifyRequest } from 'fastify';

type Cell = string | number;

export interface SheetsStandIn {
	readonly url: string;
	/** What a credential for this service account holds. */
	readonly account: { email: string; privateKey: string };
	/** The cells of the only sheet, row by row. */
	rows: Cell[][];
	stop(): Promise<void>;
}

const EMAIL = 'calls@example.iam.gserviceaccount.com';
const TOKEN = 'access-token';
/** Rows of a new spreadsheet. */
const NEW_ROWS = 1000;

/**
 * A stand-in for Google's token endpoint and for Sheets (v4), with as much as "Append or Update Row" needs. Values are stored
 * and shown as Google does it (source: ValueInputOption and ValueRenderOption in its API reference).
 */
export async function startSheets(): Promise<SheetsStandIn> {
	const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	let grid: Cell[][] = [];
	let rowCount = NEW_ROWS;

	const write = (range: string, values: Cell[][], option: string) => {
		const { column, row } = startOf(range);
		if (row >= rowCount) throw new Error(`Range (${range}) exceeds grid limits. Max rows: ${rowCount}`);
		rowCount = Math.max(rowCount, row + values.length);
		for (const [down, cells] of values.entries()) {
			for (const [right, value] of cells.entries()) {
				if (value === null) continue;
				(grid[row + down] ??= [])[column + right] = option === 'RAW' ? value : asTyped(value);
			}
		}
	};

	const app = fastify({ forceCloseConnections: true, bodyLimit: 100_000_000 });
	app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
		done(null, Object.fromEntries(new URLSearchParams(String(body)))),
	);
	app.post<{ Body: { grant_type: string; assertion: string } }>('/token', async ({ body }, reply) => {
		const [head, claims, signature] = body.assertion.split('.');
		const isSigned = verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url')); // prettier-ignore
		const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string };
		if (!isSigned || iss !== EMAIL) return await reply.code(401).send({ error: 'invalid_grant' });
		return { access_token: TOKEN, expires_in: 3600, token_type: 'Bearer' };
	});
	app.all('/v4/spreadsheets/*', async (request, reply) => {
		if (request.headers.authorization !== `Bearer ${TOKEN}`) return await reply.code(401).send({});
		try {
			return answer(request);
		} catch (error) {
			return await reply.code(400).send({ error: { code: 400, message: (error as Error).message } });
		}
	});

	function answer({ method, url, query, body }: FastifyRequest): object {
		const call = decodeURIComponent(url.split('?')[0].replace(/^\/v4\/spreadsheets\/[^/:]+/, ''));
		const { valueInputOption: option = '' } = query as { valueInputOption?: string };
		if (method === 'GET' && call === '') {
			const gridProperties = { rowCount, columnCount: 26 };
			return { sheets: [{ properties: { sheetId: 0, title: 'Sheet1', gridProperties } }] };
		}
		if (method === 'GET' && call.startsWith('/values/')) {
			// Google leaves empty cells at the end of a row out, and a sheet without any has no values.
			const values = Array.from(grid, (row = []) => Array.from(row, (cell) => shown(cell)));
			return values.length > 0 ? { values } : {};
		}
		if (method === 'POST' && call === ':batchUpdate') {
			const { requests } = body as { requests: Array<{ appendDimension: { length: number } }> };
			for (const { appendDimension } of requests) rowCount += appendDimension.length;
			return {};
		}
		if (method === 'POST' && call === '/values:batchUpdate') {
			const { data, valueInputOption } = body as {
				data: Array<{ range: string; values: Cell[][] }>;
				valueInputOption: string;
			};
			for (const { range, values } of data) write(range, values, valueInputOption);
			return {};
		}
		if (method === 'PUT' && call.startsWith('/values/')) {
			const { range, values } = body as { range: string; values: Cell[][] };
			write(range, values, option);
			return {};
		}
		throw new Error(`Not known here: ${method} ${call}`);
	}

	const url = await app.listen({ port: 0, host: '127.0.0.1' });
	return {
		url,
		account: { email: EMAIL, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
		get rows() {
			return grid;
		},
		set rows(rows) {
			grid = rows;
			rowCount = NEW_ROWS;
		},
		stop: async () => await app.close(),
	};
}

/** Where a range such as `Sheet1!B7` or `Sheet1!2:1001` begins, counted from 0. */
function startOf(range: string): { column: number; row: number } {
	const [, letters, digits] = /!([A-Z]*)(\d+)/.exec(range) ?? [];
	if (!digits) throw new Error(`Unable to parse range: ${range}`);
	return { column: letters ? letters.charCodeAt(0) - 65 : 0, row: Number(digits) - 1 };
}

/** What a value becomes that somebody types into a cell. */
function asTyped(value: Cell): Cell {
	if (typeof value === 'string' && /^\+?\d+$/.test(value)) return Number(value);
	return typeof value === 'string' && value.startsWith('=') ? '#NAME?' : value;
}

/** What a cell shows, which is what the node compares IDs with. */
function shown(value: Cell | undefined): string {
	if (typeof value === 'number' && value >= 1e15) return value.toExponential(5).replace('e', 'E');
	return String(value ?? '');
}
