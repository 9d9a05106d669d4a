/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { cpSync, appendFileSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { runs } from '../support/runs';
import { scanFolder } from './scanFolder';

const ROOT = join(__dirname, '../..');
const CHANGED = 'nodes/Itniotech/api/timing.ts';
/** In a quick run those beside the changed file: `npm run lint` reads the others. */
const SOURCES = runs(10) < 10 ? ['nodes/Itniotech/api'] : ['nodes', 'credentials'];

test("n8n's scan of the sources finds what an inline disable hides, and nothing else", () => {
	const copy = mkdtempSync(join(tmpdir(), 'n8n-nodes-itniotech-'));
	try {
		for (const name of ['package.json', ...SOURCES])
			cpSync(join(ROOT, name), join(copy, name), { recursive: true });
		const hidden = '/* eslint-disable */\nexport const hidden = () => setTimeout(() => process.env, 1);\n';
		appendFileSync(join(copy, CHANGED), hidden);
		const { passed, said } = scanFolder(copy, 'source');
		expect(passed).toBe(false);
		expect(said.split('\n').filter(Boolean)).toEqual([
			'ESLint violations found',
			join(copy, CHANGED),
			expect.stringContaining("error  Use of restricted global 'setTimeout' is not allowed"),
			expect.stringContaining("error  Use of restricted global 'process' is not allowed"),
			expect.stringContaining('2 problems (2 errors, 0 warnings)'),
		]);
	} finally {
		rmSync(copy, { recursive: true });
	}
});
