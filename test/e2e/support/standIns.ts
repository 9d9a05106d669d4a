/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import fastify from 'fastify';
import type { IDataObject } from 'n8n-workflow';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
	/** The data of a credential of n8n's type `smtp`. */
	readonly credentialData: IDataObject;
	/** Every mail taken, as it came. */
	readonly mails: string[];
	stop(): Promise<void>;
}

/** A mail server on 127.0.0.1 that takes every mail. */
export async function startMailServer(): Promise<MailServer> {
	const mails: string[] = [];
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onData: (stream, _session, done) =>
			void text(stream).then((mail) => {
				mails.push(mail);
				done();
			}),
	});
	server.listen(0, '127.0.0.1');
	await once(server.server, 'listening');
	const { port } = server.server.address() as AddressInfo;
	const credentialData = {
		host: '127.0.0.1',
		port,
		secure: false,
		disableStartTls: true,
		user: '',
		password: '',
	};
	return {
		mails,
		credentialData,
		stop: async () => await new Promise((resolve) => server.close(resolve)),
	};
}

export interface FileStore {
	readonly url: string;
	/** Every file put, by its path. */
	readonly files: Map<string, string>;
	stop(): Promise<void>;
}

/** A store of files that speaks as much of the S3 protocol as an upload needs. */
export async function startFileStore(): Promise<FileStore> {
	const files = new Map<string, string>();
	const app = fastify({ forceCloseConnections: true, bodyLimit: 100_000_000 });
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
	app.get('/*', async (_request, reply) => {
		const location = '<?xml version="1.0"?><LocationConstraint>us-east-1</LocationConstraint>';
		return await reply.type('application/xml').send(location);
	});
	app.put<{ Body: string }>('/*', async ({ url, body }, reply) => {
		files.set(decodeURIComponent(url.split('?')[0]), body);
		return await reply.send('');
	});
	const url = await app.listen({ port: 0, host: '127.0.0.1' });
	return { url, files, stop: async () => await app.close() };
}

interface ChatRequest {
	stream?: boolean;
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: { name: string } }>;
}

export interface ChatModel {
	readonly url: string;
	/** Every question as it came. */
	readonly requests: ChatRequest[];
	stop(): Promise<void>;
}

/** A stand-in for a chat model that first calls the tool it is offered and then says what that gave, by default as it is. */
export async function startChatModel(
	toolInput: object,
	answer = (toolResult: string) => toolResult,
): Promise<ChatModel> {
	const requests: ChatRequest[] = [];
	const app = fastify({ forceCloseConnections: true });
	app.post<{ Body: ChatRequest }>('/v1/chat/completions', async ({ body }, reply) => {
		requests.push(body);
		const result = body.messages.find(({ role }) => role === 'tool');
		const name = body.tools?.[0].function.name;
		const call = {
			index: 0,
			id: 'call_1',
			type: 'function',
			function: { name, arguments: JSON.stringify(toolInput) },
		};
		const message = result
			? { role: 'assistant', content: answer(String(result.content)) }
			: { role: 'assistant', content: '', tool_calls: [call] };
		const finish_reason = result ? 'stop' : 'tool_calls';
		const envelope = { id: 'chat', created: 1, model: 'stand-in' };
		if (!body.stream) {
			const choices = [{ index: 0, message, finish_reason }];
			return { ...envelope, object: 'chat.completion', choices };
		}
		const chunks = [
			{ index: 0, delta: message, finish_reason: null },
			{ index: 0, delta: {}, finish_reason },
		].map((choice) => ({ ...envelope, object: 'chat.completion.chunk', choices: [choice] }));
		const events = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map(
			(data) => `data: ${data}\n\n`,
		);
		return await reply.type('text/event-stream').send(events.join(''));
	});
	const url = await app.listen({ port: 0, host: '127.0.0.1' });
	return { url: `${url}/v1`, requests, stop: async () => await app.close() };
}
