/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, INodeParameters, INodeProperties } from 'n8n-workflow';
import { FILTERS, LISTS } from '../../nodes/Itniotech/records/query/filters';
import { METRICS } from '../../nodes/Itniotech/triggers/polling/alarms/metrics';
import { filtersField } from '../../nodes/Itniotech/shared/fields';

const ROOT = join(__dirname, '../..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const pageOf = (name: string) => textOf(`docs/${name}.md`).replace(/\s+/g, ' ');

/** A number that the code has under this name, such as `16 * 1024 * 1024`. */
function constant(file: string, name: string): number {
	const [, product] = new RegExp(`const ${name} = ([\\d_. *]+);`).exec(textOf(`nodes/Itniotech/${file}.ts`))!;
	return product.split('*').reduce((value, factor) => value * Number(factor.replace(/_/g, '')), 1);
}

function parametersOf(example: string): Record<string, INodeParameters> {
	const { nodes } = JSON.parse(textOf(`examples/${example}.json`)) as { nodes: INode[] };
	return Object.fromEntries(nodes.map(({ name, parameters }) => [name, parameters]));
}

const WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const SECOND_MS = 1000;
const DAY_S = 24 * 60 * 60;

/** Each figure that a page states, with what decides it. */
const FIGURES: Array<[page: string, sentence: RegExp, expected: () => unknown]> = [
	['messages', /has tried up to (\w+) times/g, () => WORDS[constant('api/limits/patience', 'MAX_TRIES')]],
	[
		'messages',
		/The first poll of a trigger stops after (\d+) seconds/g,
		() => constant('triggers/polling/pollRun', 'LAST_SEND_OF_FIRST_MS') / SECOND_MS,
	],
	['messages', /was larger than (\d+) MB/g, () => constant('api/answer', 'MAX_BODY_BYTES') / 1024 ** 2],
	[
		'messages',
		/not read within (\d+) seconds/g,
		() => constant('methods/listSearch', 'TIMEOUT_MS') / SECOND_MS,
	],
	['messages', /one try of up to (\d+) seconds/g, () => constant('api/timing', 'TRY_TIMEOUT_MS') / SECOND_MS],
	[
		'messages',
		/more records within (\w+) seconds than ITNIO lists/g,
		() => WORDS[constant('records/scan/windowScanner', 'MIN_LENGTH_S')],
	],
	[
		'messages',
		/no end was listed within (\w+) days, or because/g,
		() => WORDS[constant('triggers/polling/callTracker', 'GIVE_UP_AFTER_S') / DAY_S],
	],
	[
		'messages',
		/because ([\d,]+) others are open/g,
		() => asWritten(constant('triggers/polling/openCalls', 'MAX_OPEN_CALLS')),
	],
	[
		'messages',
		/no end was listed within (\d+) days:/g,
		() => constant('triggers/polling/campaigns/campaignState', 'MAX_CAMPAIGN_AGE_S') / DAY_S,
	],
	['campaigns', /calls up to ([\d,]+) numbers with/g, () => campaignSize()],
	['campaigns', /More than ([\d,]+) numbers become several campaigns/g, () => campaignSize()],
	['campaigns', /\(default ([\d,]+)\)/g, () => asWritten(constantOf('DEFAULT_MAX_NUMBERS'))],
	[
		'campaigns',
		/finds it by its name for (\w+) months/g,
		() => WORDS[Math.floor(constant('resources/voiceCampaign/findCampaigns', 'DAYS_BEFORE') / 31)],
	],
	[
		'triggers',
		/(\d+) days after its creation is no longer followed/g,
		() => constant('triggers/polling/campaigns/campaignState', 'MAX_CAMPAIGN_AGE_S') / DAY_S,
	],
	[
		'tables',
		/one file per ([\d,]+) calls/g,
		() => asWritten(constant('resources/voiceRecord/export/export', 'DEFAULT_MAX_RECORDS_PER_FILE')),
	],
	[
		'tables',
		/written in pages of ([\d,]+),/g,
		() => asWritten(Number(parametersOf('calls-to-postgres')['Pages of 1000'].batchSize)),
	],
	['tables', /rows that are older than (\d+) days/g, () => daysKept()],
	['tables', /change `(\d+)` in \*\*Delete Old Rows/g, () => daysKept()],
	[
		'scaling',
		/more than (\d+), it lists the newest \1 and says how many there are in all/g,
		() => listedAlerts(),
	],
	['scaling', /of the last (\d+) hours from ITNIO/g, () => hoursOfLostAlerts()],
	['scaling', /submitted more than (\d+) hours earlier/g, () => hoursOfLostAlerts()],
	['scaling', /are read again, up to (\w+) times/g, () => WORDS[triesOfFanOut()]],
	[
		'what-changed',
		/counts as (\w+) more calls/g,
		() => WORDS[constantOfCauses('failureRise', 'PRIOR_STRENGTH')],
	],
	['what-changed', /is ([\d.]+)% or less/g, () => 100 * constantOfCauses('chooseCauses', 'MAX_CHANCE')],
	[
		'what-changed',
		/(\d+)% of (?:all failures|the whole cost) or more/g,
		() => 100 * constantOfCauses('chooseCauses', 'MIN_SHARE_OF_FIGURE'),
	],
	[
		'what-changed',
		/more than (\d+)% of the calls is never named/g,
		() => 100 * constantOfCauses('chooseCauses', 'MAX_SHARE_OF_CALLS'),
	],
	['what-changed', /(\w+) times the evidence/g, () => WORDS[constantOfCauses('chooseCauses', 'CODE_FACTOR')]],
	['what-changed', /more than ([\d,]+) values/g, () => asWritten(constantOfCauses('segments', 'MAX_VALUES'))],
	[
		'operations',
		/more than (\d+) days is read in parts/g,
		() => constant('records/windows', 'MAX_WINDOW_S') / DAY_S,
	],
	[
		'operations',
		/delays of 0 to (\d+) seconds count/g,
		() => constant('reports/figures/callFacts', 'MAX_PDD_S'),
	],
	['operations', /Up to (\w+) reasons/g, () => WORDS[constant('reports/figures/failures', 'MAX_IN_TEXT')]],
	[
		'operations',
		/more than (\w+) currencies/g,
		() => WORDS[constant('records/output/text', 'MAX_CURRENCIES')],
	],
	[
		'operations',
		/at most ([\d,]+) characters in plain text/g,
		() => asWritten(constant('reports/document/text', 'MAX_MESSAGE_LENGTH')),
	],
	[
		'operations',
		/if (\d+) of its calls or more/g,
		() => constant('reports/document/htmlTables', 'MIN_CALLS_TO_MARK'),
	],
	[
		'operations',
		/is (\d+) points or more below/g,
		() => constant('reports/document/htmlTables', 'LOW_POINTS'),
	],
	[
		'operations',
		/fewer than (\d+) calls that were/g,
		() => constant('reports/document/htmlSections', 'MIN_CALLS_TO_SHADE'),
	],
	[
		'operations',
		/\*\*Start Time\*\* up to (\w+) days before/g,
		() =>
			WORDS[
				Number(
					/RETENTION_TOLERANCE = \{ days: (\d)/.exec(
						textOf('nodes/Itniotech/records/query/timeRange.ts'),
					)?.[1],
				)
			],
	],
	[
		'calls',
		/default (\d+), all items together/g,
		() => constant('resources/voiceMessage/fields', 'DEFAULT_MAX_CALLS'),
	],
	['calls', /the first (\d+) characters of the reference/g, () => dataOfExecution('MAX_VALUE_LENGTH')],
	[
		'calls',
		/of the first (\w+) calls with the execution/g,
		() => WORDS[dataOfExecution('MAX_CALLS_WITH_DATA')],
	],
	[
		'calls',
		/not tried \(if more than (\d+), only how many\)/g,
		() => constant('resources/voiceMessage/execute', 'MAX_LISTED'),
	],
];

const constantOfCauses = (file: string, name: string) => constant(`reports/causes/${file}`, name);
const asWritten = (value: number) => value.toLocaleString('en');
const campaignSize = () => asWritten(constant('api/campaigns', 'MAX_NUMBERS_PER_CAMPAIGN'));
const constantOf = (name: string) => constant('resources/voiceCampaign/fields', name);
const dataOfExecution = (name: string) => constant('resources/voiceMessage/executionData', name);
const daysKept = () =>
	/days: (\d+)/.exec(JSON.stringify(parametersOf('calls-to-data-table')['Delete Old Rows']))?.[1];
const lostAlerts = () => parametersOf('lost-alerts-to-slack');
const listedAlerts = () => /slice\(0, (\d+)\)/.exec(String(lostAlerts()['Send to Slack'].text))?.[1];
const hoursOfLostAlerts = () =>
	/last(\d+)Hours/.exec(String(lostAlerts()['Query Failed Calls'].timeRange))?.[1];
const triesOfFanOut = () => Number(/"maxTries": (\d+)/.exec(textOf('examples/fan-out-by-day.json'))?.[1]);

test.each(FIGURES)('a figure of docs/%s.md is that of the code: %s', (page, sentence, expected) => {
	const figures = [...pageOf(page).matchAll(sentence)].map(([, figure]) => figure);
	expect(figures.length).toBeGreaterThan(0);
	expect([...new Set(figures)]).toEqual([String(expected())]);
});

describe.each(['calls-to-postgres', 'calls-to-data-table', 'calls-to-google-sheets'])('%s', (example) => {
	const nodes = parametersOf(example);
	const tables = pageOf('tables');

	test('runs when docs/tables.md says, for the ranges that it says', () => {
		const rows = [
			...tables.matchAll(/\| Every (hour|night), at (?:minute )?([\d:]+) \| Last (\d+) (Hours|Days) \|/g),
		];
		expect(rows.map(([, ...cells]) => cells)).toEqual([
			['hour', '7', '24', 'Hours'],
			['night', '3:37', '7', 'Days'],
		]);
		expect(nodes['Every Hour'].rule).toEqual({
			interval: [{ field: 'hours', hoursInterval: 1, triggerAtMinute: 7 }],
		});
		expect(nodes['Every Night'].rule).toEqual({
			interval: [{ field: 'days', daysInterval: 1, triggerAtHour: 3, triggerAtMinute: 37 }],
		});
		expect(nodes['Query the Calls'].timeRange).toBe(
			"={{ $('Every Night').isExecuted ? 'last7Days' : 'last24Hours' }}",
		);
	});
});

test.each(['calls-to-postgres', 'calls-to-data-table'])(
	'%s writes the columns that it creates',
	(example) => {
		const nodes = parametersOf(example);
		const created = JSON.stringify(nodes['Create the Table']);
		const columns = [...created.matchAll(/\\n\\t\\"(\w+)\\" |"name":"(\w+)"/g)].map(([, a, b]) => a ?? b);
		expect(columns).toEqual((nodes['Query the Calls'].options as { fields: string[] }).fields);
		expect(columns.length).toBeGreaterThan(10);
	},
);

test('docs/tables.md exports the columns of the table in their order', () => {
	const { fields } = parametersOf('calls-to-postgres')['Query the Calls'].options as { fields: string[] };
	const [, expression] = /\{\{ (\["voiceId"[^\]]+\]) \}\}/.exec(pageOf('tables'))!;
	expect(JSON.parse(expression)).toEqual(fields);
});

test('docs/tables.md names each example that writes call records to a table', () => {
	const names = readdirSync(join(ROOT, 'examples')).filter((file) => file.startsWith('calls-to-'));
	expect(names.filter((file) => !textOf('docs/tables.md').includes(`/examples/${file})`))).toEqual([]);
});

test('docs/tables.md names each branch of "Key pressed: branches"', () => {
	const rules = (
		parametersOf('key-pressed-branches')['Which Key?'].rules as { values: Array<{ outputKey: string }> }
	).values;
	const keys = rules.map(({ outputKey }) => outputKey.replace('Key ', ''));
	expect(pageOf('tables')).toContain(
		`has a branch for key ${keys.join(', one for key ')}, and one for any other key.`,
	);
});

test('NER is said to be of calls that the network delivered: it counts phones that are off, which nobody reached', () => {
	const pages = ['README.md', 'docs/operations.md', 'docs/triggers.md'];
	const lines = pages
		.flatMap((page) => textOf(page).split('\n'))
		.filter((line) => /NER \(|`ner`.*:/.test(line));
	const texts = [...lines, METRICS.networkEffectiveness.description];
	expect(texts.length).toBeGreaterThanOrEqual(4);
	for (const text of texts) {
		expect(text).toContain('delivered');
		expect(text).not.toMatch(/\breach/);
	}
});

describe('of the filters, only a list takes several values', () => {
	const takesSeveral = (name: string) => LISTS.includes(name as (typeof LISTS)[number]);

	test('in docs/operations.md', () => {
		const [, filters] = /### Filters(.*?)### Options/s.exec(textOf('docs/operations.md'))!;
		const rows = [...filters.matchAll(/^\| \*\*(.+?)\*\* \| (.*) \|$/gm)].map(([, name, text]) => [
			name,
			text,
		]);
		expect(rows.map(([name]) => name).sort()).toEqual(Object.values(FILTERS).sort());
		const several = rows.filter(([, text]) => / (one of )?several\b/.test(text)).map(([name]) => name);
		expect(several.sort()).toEqual(LISTS.map((name) => FILTERS[name]).sort());
	});

	test('in the form', () => {
		const fields = filtersField.options as INodeProperties[];
		expect(fields.map(({ name }) => name).sort()).toEqual(Object.keys(FILTERS).sort());
		for (const { name, description } of fields) {
			expect([name, /several/.test(description ?? '')]).toEqual([name, takesSeveral(name)]);
		}
	});
});
