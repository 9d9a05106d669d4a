/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { seededDataset } from './dataset';
import { newCall } from './service';
import { DEMO_CREDENTIAL, startSimulator } from './simulator';
import { DAY_MS } from '../support/times';

const USAGE = `npm run simulator -- [options]
  --port 4010      port on 127.0.0.1 (0 = any free one)
  --records 1000   ended calls of the last 31 days, up to 10000000
  --seed 1         another number gives other calls
  --latency 50     milliseconds before every answer
  --rtt 0          milliseconds of a round trip to the service; a new connection takes several
  --tls            HTTPS, with a certificate in a file that n8n has to trust
  --live 0         a new call every this many seconds (0 = none)
  --help
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4010' },
			records: { type: 'string', default: '1000' },
			seed: { type: 'string', default: '1' },
			latency: { type: 'string', default: '50' },
			rtt: { type: 'string', default: '0' },
			tls: { type: 'boolean', default: false },
			live: { type: 'string', default: '0' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		process.stdout.write(USAGE);
		return;
	}

	const now = Date.now();
	const count = wholeNumber('records', values.records);
	const simulator = await startSimulator({
		port: wholeNumber('port', values.port),
		dataset: seededDataset({
			count,
			from: now - 31 * DAY_MS,
			to: now,
			seed: wholeNumber('seed', values.seed),
		}),
		behaviour: { latencyMs: wholeNumber('latency', values.latency), log: false },
		rttMs: wholeNumber('rtt', values.rtt),
		tls: values.tls,
		hasFaultPage: true,
	});
	process.stdout.write(`ITNIO TECH simulator with ${count} calls of the last 31 days. Ctrl-C ends it.

In n8n, create a credential "ITNIO TECH API" with
  API Key     ${DEMO_CREDENTIAL.apiKey}
  API Secret  ${DEMO_CREDENTIAL.apiSecret}
  Base URL    ${simulator.url}

Open ${simulator.url} in a browser to let requests fail.
`);
	if (simulator.certificate) {
		const file = join(await mkdtemp(join(tmpdir(), 'itniotech-simulator-')), 'certificate.pem');
		await writeFile(file, simulator.certificate);
		process.stdout.write(`Start n8n with NODE_EXTRA_CA_CERTS=${file}\n`);
	}

	const stopping = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			stopping.abort();
			void simulator.stop();
		});
	}

	const liveMs = wholeNumber('live', values.live) * 1000;
	for (let index = 0; liveMs > 0 && !stopping.signal.aborted; index++) {
		await wait(liveMs, undefined, { signal: stopping.signal }).catch(() => undefined);
		if (!stopping.signal.aborted) simulator.dataset.add(newCall(Date.now(), index));
	}
}

function wholeNumber(name: string, text: string): number {
	if (!/^\d{1,8}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}"`);
	return Number(text);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
	process.exitCode = 1;
});
