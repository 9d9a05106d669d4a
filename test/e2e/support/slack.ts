/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { TLSSocket } from 'node:tls';
import fastify from 'fastify';
import { generate } from 'selfsigned';

/** One `chat.postMessage` as it came. */
export interface SlackMessage {
	channel: string;
	text: string;
	authorization?: string;
}

export interface SlackStandIn {
	/** Every message posted, oldest first. */
	readonly messages: SlackMessage[];
	/** Without TLS. */
	readonly url: string;
	stop(): Promise<void>;
}

export interface TestInternet {
	/** What a program needs in its environment to reach the hosts here, and no others. */
	readonly env: Record<string, string>;
	/** Closes all connections and removes the certificate. */
	stop(): Promise<void>;
}

/** Starts a stand-in for slack.com that takes messages and answers as Slack does. */
export async function startSlack(): Promise<SlackStandIn> {
	const messages: SlackMessage[] = [];
	const app = fastify({ forceCloseConnections: true });
	app.post<{ Body: SlackMessage }>('/api/chat.postMessage', ({ body, headers }) => {
		const { channel, text } = body;
		messages.push({ channel, text, authorization: headers.authorization });
		const ts = `${Math.floor(Date.now() / 1000)}.${String(messages.length).padStart(6, '0')}`;
		return { ok: true, channel: 'C1', ts, message: { type: 'message', bot_id: 'B1', user: 'U1', text, ts } };
	});
	app.setNotFoundHandler(() => ({ ok: false, error: 'unknown_method' }));
	const url = await app.listen({ port: 0, host: '127.0.0.1' });
	return { messages, url, stop: async () => await app.close() };
}

/**
 * Starts a proxy on 127.0.0.1 that leads each of the hosts, e.g. `slack.com`, to a plain HTTP server at a local URL,
 * and does the TLS with a certificate made for this run. Every other host is refused.
 */
export async function startInternet(servers: Record<string, string>): Promise<TestInternet> {
	const hosts = Object.keys(servers);
	const { private: key, cert } = await generate([{ name: 'commonName', value: hosts[0] }], {
		keyType: 'ec',
		algorithm: 'sha256',
		extensions: [{ name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) }],
	});
	const folder = await mkdtemp(path.join(tmpdir(), 'e2e-internet-'));
	const certFile = path.join(folder, 'cert.pem');
	await writeFile(certFile, cert);

	const open = new Set<Socket>();
	const proxy = createServer((_request, response) => response.writeHead(502).end());
	proxy.on('connection', (socket: Socket) => {
		open.add(socket);
		socket.on('close', () => open.delete(socket));
	});
	proxy.on('connect', ({ url = '' }, socket: Socket) => {
		const server = servers[url.replace(/:443$/, '')];
		if (!server) {
			socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
			return;
		}
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		const secure = new TLSSocket(socket, { isServer: true, key, cert });
		const { hostname, port } = new URL(server);
		// Either side may end at any time: n8n is killed in the middle of requests.
		pipeline(secure, connect(Number(port), hostname), secure, () => undefined);
	});
	proxy.listen(0, '127.0.0.1');
	await once(proxy, 'listening');
	const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

	return {
		env: { HTTPS_PROXY: url, https_proxy: url, NODE_EXTRA_CA_CERTS: certFile },
		async stop() {
			const closed = once(proxy, 'close');
			proxy.close();
			for (const socket of open) socket.destroy();
			await closed;
			await rm(folder, { recursive: true, force: true });
		},
	};
}
