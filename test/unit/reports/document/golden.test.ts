/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import process from 'process';
import { SECTION_NAMES } from '../../../../nodes/Itniotech/reports/document/overview';
import { DAY_S } from '../../../support/times';
import { call, failedCall, many, reportOf } from './support';

/**
 * The HTML of each section, a tag with its text on each line, so that a change of the design shows in a diff. To take over
 * a change: `UPDATE_GOLDEN=1 npx jest test/unit/reports/document/golden`.
 */
const FOLDER = join(__dirname, 'golden');
const AREAS = ['India(Mumbai)', 'India(Delhi)', 'Kenya(Nairobi)', '中国(北京移动)'];
const REASONS = [
	{ terminationCode: '486', terminationReason: 'Busy Here' },
	{ terminationCode: '487', terminationReason: '' },
];

const FAULTY_AREA = 2;

const calls = (count: number, failsEvery: number, faultyArea?: number) =>
	many(count, (index) => {
		const atS = (index % 3) * DAY_S + (8 + (index % 5)) * 3600;
		const fields = {
			code: AREAS[index % AREAS.length],
			callee: `1555010${index % 9}`,
			cost: index === 7 ? null : '0.0123',
		};
		const isFaulty = index % AREAS.length === faultyArea && index % 5 > 0;
		if (index % failsEvery !== 0 && !isFaulty) return call(fields, atS);
		return failedCall({ ...fields, cost: '0', ...REASONS[index % REASONS.length] }, atS);
	});

const parts = Object.fromEntries(
	SECTION_NAMES.map((section) => [
		section,
		reportOf(calls(200, 5, FAULTY_AREA), {
			days: 3,
			earlier: calls(150, 5),
			layout: { sections: [section], topN: 3 },
		}),
	]),
);
const whole = reportOf(calls(200, 5, FAULTY_AREA), { days: 3, earlier: calls(150, 5) });
const outage = reportOf([], { days: 3, earlier: calls(150, 5) });

test.each([
	...Object.entries(parts).map(([name, { html }]) => [`${name}.html`, html.replace(/></g, '>\n<')]),
	['outage.html', outage.html.replace(/></g, '>\n<')],
	['text.txt', `${whole.subject}\n\n${whole.text}`],
])('the section of a report looks as it did: %s', (name, content) => {
	const file = join(FOLDER, name);
	if (process.env.UPDATE_GOLDEN) {
		mkdirSync(FOLDER, { recursive: true });
		writeFileSync(file, `${content}\n`);
	}
	expect(`${content}\n`).toBe(readFileSync(file, 'utf8'));
});
