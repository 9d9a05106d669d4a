/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { createServer, type AddressInfo } from 'node:net';
import fastify from 'fastify';
import { generate } from 'selfsigned';
import { createApi } from '../../nodes/Itniotech/api/endpoints';
import { DEMO_CREDENTIAL } from '../simulator/simulator';
import { createContext } from './support/engine';

test('nothing is sent to a server with an untrusted certificate', async () => {
	const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
	const server = fastify({ https: { key, cert } });
	let requests = 0;
	server.addHook('onRequest', async () => void requests++);
	const baseUrl = await server.listen({ port: 0, host: '127.0.0.1' });
	try {
		const context = await createContext({ ...DEMO_CREDENTIAL, baseUrl });
		await expect(createApi(context).fetchBalance()).rejects.toMatchObject({
			message: 'The secure connection to ITNIO TECH could not be verified',
			description: expect.stringContaining('Check "Base URL"') as string,
		});
		expect(requests).toBe(0);
	} finally {
		await server.close();
	}
});

test('an error names the proxy that asks for a password', async () => {
	const asked: string[] = [];
	const proxy = createServer((socket) => {
		socket.once('data', (data) => {
			asked.push(data.toString().split(' HTTP')[0]);
			socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
		});
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	try {
		const context = await createContext({ ...DEMO_CREDENTIAL, baseUrl: 'https://api.example' });
		await expect(createApi(context).fetchBalance()).rejects.toMatchObject({
			message: 'The proxy between n8n and ITNIO TECH requires a username and a password',
			description: expect.stringContaining('HTTPS_PROXY') as string,
		});
		expect(asked).toEqual(['CONNECT api.example:443']);
	} finally {
		delete process.env.HTTPS_PROXY;
		proxy.close();
	}
});
