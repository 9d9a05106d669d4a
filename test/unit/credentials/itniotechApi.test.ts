import fc from 'fast-check';
import { NodeHelpers, type IHttpRequestOptions, type INodeParameters } from 'n8n-workflow';
import { ItniotechApi } from '../../../credentials/ItniotechApi.credentials';
import { useTestClock } from '../../support/testClock';
import { NOW_MS, NOW_S } from '../../support/times';

const KEYS = { apiKey: 'demo-key', apiSecret: 'demo-secret' };
const BASE = 'https://api.itniotech.com';

type Options = Parameters<ItniotechApi['authenticate']>[1];

useTestClock(NOW_MS);

const sign = async (options: Options, baseUrl: unknown = BASE) =>
	await new ItniotechApi().authenticate({ ...KEYS, baseUrl: baseUrl as string }, options);

test('a copy of the credential signs, too, which is what the HTTP Request node lists', () => {
	expect({ ...new ItniotechApi() }).toHaveProperty('authenticate');
});

test('the credential signs as published by the vendor', async () => {
	const { headers } = await new ItniotechApi().authenticate(
		{ apiKey: 'bDqJFiq9', apiSecret: '7bz1lzh9' },
		{ url: '/voice/x', headers: { Timestamp: '1630468800' } },
	);
	expect(headers).toMatchObject({ 'Api-Key': 'bDqJFiq9', Sign: '05d7a50893e22a5c4bb3216ae3396c7c' });
});

describe('a request to the origin of the base URL is signed', () => {
	test.each<[Options, string, string?]>([
		[{ url: '/voice/x?a=1' }, `${BASE}/voice/x?a=1`],
		[{ url: '/voice/x' }, 'https://api.example/v3/voice/x', 'https://api.example/v3/ '],
		[{ url: `${BASE}/voice/x` }, `${BASE}/voice/x`],
		[{ url: 'HTTPS://API.ITNIOTECH.COM:443/voice' }, `${BASE}/voice`],
		[{ url: `${BASE}/x` }, `${BASE}/x`, 'https://API.itniotech.com:443'],
		[{ url: ` ${BASE}/x ` }, `${BASE}/x`],
		[{ url: 'http://127.0.0.1:80/x' }, 'http://127.0.0.1/x', 'http://127.0.0.1'],
		[{ url: '/x', baseURL: `${BASE}/v3/` }, `${BASE}/v3/x`],
		[{ url: 'x', baseURL: `${BASE}/v3` }, `${BASE}/v3/x`],
		[{ url: '', baseURL: `${BASE}/v3` }, `${BASE}/v3/`],
		[{ url: '/../x' }, `${BASE}/x`],
	])('%j', async (options, address, ...[baseUrl]) => {
		const signed = await sign(options, baseUrl);
		expect(signed).toMatchObject({ url: address, headers: { Sign: expect.any(String) as string } });
		expect(signed.baseURL).toBeUndefined();
	});

	test('with the options of n8n’s older helper', async () => {
		expect(await sign({ uri: `${BASE}/voice/x` } as Options)).toMatchObject({
			url: `${BASE}/voice/x`,
			uri: `${BASE}/voice/x`,
		});
	});
});

describe('the signed headers reach no other machine, and are of no other time', () => {
	test('whatever the request says about its way', async () => {
		const way = { proxy: { host: 'other.example', port: 80 }, agentOptions: { host: 'other.example' }, agent: {}, host: 'other.example', hostname: 'other.example', port: 1, socketPath: '/tmp/x' }; // prettier-ignore
		const signed = new Map(Object.entries(await sign({ url: '/voice/x', ...way } as unknown as Options)));
		expect(Object.keys(way).filter((name) => signed.get(name) !== undefined)).toEqual([]);
	});

	test.each(['Host', 'host', 'HOST ', 'api-key', 'SIGN', 'timestamp'])('with a header %p', async (name) => {
		const { headers } = await sign({ url: '/voice/x', headers: { [name]: 'other.example', 'X-Trace': '1' } });
		expect(Object.values(headers!)).not.toContain('other.example');
		expect(Object.keys(headers!).sort()).toEqual(['Api-Key', 'Content-Type', 'Sign', 'Timestamp', 'X-Trace']);
	});

	test.each<[string, unknown, boolean]>([
		['of an hour ahead, as a server clock may be off', 3600, true],
		['of 30 hours ahead, as a server clock may be off by a day and its timezone', 30 * 3600, true],
		['of a day ago', -86_400, true],
		['of next week', 7 * 86_400, false],
		['of next year', 365 * 86_400, false],
	])('with a timestamp %s', async (_case, aheadS, isUsed) => {
		const timestampS = NOW_S + Number(aheadS);
		const { headers } = await sign({ url: '/x', headers: { Timestamp: String(timestampS) } });
		expect(headers!.Timestamp).toBe(String(isUsed ? timestampS : NOW_S));
	});

	test.each(['', 'now', '1e99', '-1', '99999999999999', null])('with the timestamp %p', async (Timestamp) => {
		const { headers } = await sign({ url: '/x', headers: { Timestamp } });
		expect(headers!.Timestamp).toBe(String(NOW_S));
	});
});

describe('any other address is refused by name', () => {
	const refusal = (place: string, origin = BASE) => ({
		message: `The ITNIO TECH API credential does not sign requests to ${place}`,
		description: expect.stringContaining(`signs only requests to ${origin}`) as string,
	});

	test.each<[Partial<Options>, string]>([
		[{ url: 'https://other.example/voice' }, 'https://other.example'],
		[{ url: 'http://api.itniotech.com/voice' }, 'http://api.itniotech.com'],
		[{ url: `${BASE}:8443/voice` }, `${BASE}:8443`],
		[{ url: `${BASE}.other.example/` }, `${BASE}.other.example`],
		[{ url: `${BASE}./` }, `${BASE}.`],
		[{ url: `${BASE}@other.example/` }, 'https://other.example'],
		[{ url: `https://api.itniotech.com:443@other.example/` }, 'https://other.example'],
		[{ url: 'https:\\\\other.example\\x' }, 'https://other.example'],
		[{ url: 'https://other.example\\@api.itniotech.com/' }, 'https://other.example'],
		[{ url: 'ht\ntps://other.example' }, 'https://other.example'],
		[{ url: ' https://other.example' }, 'https://other.example'],
		[{ url: 'https:other.example' }, 'https://other.example'],
		[{ url: '//other.example/voice' }, 'an incomplete URL'],
		[{ url: '/\\other.example/voice' }, 'an incomplete URL'],
		[{ url: '\\\\other.example/voice' }, 'an incomplete URL'],
		[{ url: 'voice/x' }, 'an incomplete URL'],
		[{ url: '' }, 'an incomplete URL'],
		[{}, 'an incomplete URL'],
		[{ url: '/voice', baseURL: 'https://other.example' }, 'https://other.example'],
		[{ url: '//other.example', baseURL: BASE }, 'an incomplete URL'],
		[{ url: 'https://other.example', baseURL: BASE }, 'https://other.example'],
		[{ uri: 'https://other.example' } as Partial<Options>, 'https://other.example'],
		[{ url: 'https://other.example', uri: BASE } as Partial<Options>, 'https://other.example'],
		[{ url: 'ftp://api.itniotech.com/' }, 'ftp://api.itniotech.com'],
	])('%j', async (options, place) => {
		await expect(sign(options as IHttpRequestOptions)).rejects.toMatchObject(refusal(place));
	});

	test('names no more of the address than its origin', async () => {
		const thrown: unknown = await sign({ url: 'https://me:pass@other.example/path?token=1' }).catch(
			(error: unknown) => error,
		);
		expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).not.toMatch(/pass|token|demo-/);
	});

	test('whatever is put around and into an address, a signature goes to the origin of the base URL only', async () => {
		const part = fc.constantFrom(
			...['https:', 'http:', '//', '/', '\\', '@', ':', '443', '.', '?', '#', ' ', '\t', 'x', '%2f'],
			...['api.itniotech.com', 'API.ITNIOTECH.COM', 'other.example'],
		);
		const address = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
		await fc.assert(
			fc.asyncProperty(address, fc.option(address, { nil: undefined }), async (url, baseURL) => {
				const signed = await sign({ url, baseURL }).catch(() => undefined);
				if (signed) expect([new URL(signed.url).origin, signed.baseURL]).toEqual([BASE, undefined]);
			}),
			{ numRuns: 2000 },
		);
	});
});

test('a signed request follows no redirect and verifies certificates, whatever a node wants', async () => {
	const options = {
		url: '/x',
		disableFollowRedirect: false,
		followRedirect: true,
		followAllRedirects: true,
		skipSslCertificateValidation: true,
		rejectUnauthorized: false,
	};
	expect(await sign(options)).toMatchObject({
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
		skipSslCertificateValidation: false,
		rejectUnauthorized: true,
	});
});

test.each([
	['http://api.itniotech.com', true],
	[' HTTP://127.0.0.1:3000', true],
	['https://api.itniotech.com', false],
	['', false],
	[undefined, false],
])('the notice about an unencrypted URL for %p: %p', (baseUrl, isDisplayed) => {
	const notice = new ItniotechApi().properties.find(({ name }) => name === 'insecureNotice')!;
	expect(NodeHelpers.displayParameter({ baseUrl } as INodeParameters, notice, null, null)).toBe(isDisplayed);
});

test('a notice above the fields of the credential says where key and secret are found', () => {
	const [{ type, displayName, displayOptions }] = new ItniotechApi().properties;
	expect([type, displayOptions]).toEqual(['notice', undefined]);
	expect(displayName).toMatch(
		/"Home" → "Developers".*"API authentication name".*"API authentication secret key"/,
	);
});
