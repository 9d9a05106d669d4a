import fastify from 'fastify';
import { generate } from 'selfsigned';
import { createApi } from '../../nodes/Itniotech/api/endpoints';
import { DEMO_CREDENTIAL } from '../simulator/simulator';
import { createContext } from './support/engine';

test('sends nothing to a server with an untrusted certificate', async () => {
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
