/** One row as the API documents it. A field that is left out has no value on the wire. */
export interface WireRecord {
	voiceId: string;
	callee?: string;
	displayNum?: string;
	code?: string;
	submitTime?: string;
	callTime?: string;
	ringingTime?: string;
	answerTime?: string;
	hangupTime?: string;
	callDuration?: number;
	chargedDuration?: number;
	terminationCode?: string;
	terminationReason?: string;
	cost?: string;
	rate?: string;
	baseCost?: string;
	billPeriod?: string;
	voiceFileId?: string;
	feedbackValue?: string;
	calledInfo?: string;
	settleRate?: string;
	quoteExchange?: string;
	settlePay?: string;
	currency?: string;
	/** Only on the wire where the service has the fields of its newest pages. */
	callStatus?: number;
}

export interface RecordSeed {
	voiceId: string;
	submitMs: number;
	callMs: number;
	/** Any two numbers; the same two give the same record. */
	seed: number;
	index: number;
	/** The call has not ended: no hang-up, no termination code, nothing billed. */
	ongoing?: boolean;
}

/** Numbers nobody has: the unused country code 999, and the ranges kept for films (555-01xx, 07700 900xxx). */
const AREAS = [
	{ code: 'Afghanistan(Kandahar)', prefix: '99993', digits: 7 },
	{ code: 'United States(New York)', prefix: '121255501', digits: 2 },
	{ code: 'United Kingdom(Mobile)', prefix: '447700900', digits: 3 },
	{ code: 'México(Telcel)', prefix: '99952', digits: 7 },
	{ code: "Côte d'Ivoire(Orange)", prefix: '99922', digits: 7 },
	{ code: '中国(上海)', prefix: '99986', digits: 7 },
	{ code: 'Việt Nam(Viettel)', prefix: '99984', digits: 7 },
];

const OUTCOMES = [
	{ code: '200', reason: 'success', percent: 70 },
	{ code: '0', reason: 'success', percent: 3 },
	{ code: '404', reason: 'Not Found', percent: 4 },
	{ code: '480', reason: 'Temporarily Unavailable', percent: 6 },
	{ code: '486', reason: 'Busy Here', percent: 8 },
	{ code: '487', reason: 'Request Terminated', percent: 4 },
	{ code: '503', reason: 'Service Unavailable', percent: 3 },
	{ code: '603', reason: 'Decline', percent: 2 },
];

/** First and next step are the same in seconds, and every step divides a minute. */
const BILLING_STEPS = [1, 6, 20, 60];

/** References that break careless CSV, HTML and spreadsheet code. */
const NASTY_REFERENCES = [
	'Müller, "Fritz" & Söhne',
	'line 1\nline 2',
	'=SUM(A1:A9)',
	"<b>ORDER</b>;\t'x'",
	'😀 заказ',
	'x'.repeat(1000),
];

/** Second precision and +08:00, as in every sample of the vendor. */
export function wireTime(ms: number): string {
	return `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}

/** A realistic record, decided by nothing but its seed. */
export function makeRecord({ voiceId, submitMs, callMs, seed, index, ongoing }: RecordSeed): WireRecord {
	const random = randomSequence(seed, index);
	const below = (limit: number) => Math.floor(random() * limit);
	const pick = <T>(list: readonly T[]): T => list[below(list.length)];

	const area = pick(AREAS);
	const step = pick(BILLING_STEPS);
	const rateMicros = 60 * (50 + below(1500)); // a multiple of 60, so that every second has an exact price
	const baseMicros = pick([0, 0, 0, 10_000]);
	const inEuro = below(10) === 0;
	const ringingMs = callMs + 1000 * (1 + below(5));
	const record: WireRecord = {
		voiceId,
		callee: area.prefix + String(below(10 ** area.digits)).padStart(area.digits, '0'),
		displayNum: pick(['1008122211', '12025550143', '442079460000']),
		code: area.code,
		submitTime: wireTime(submitMs),
		callTime: wireTime(callMs),
		ringingTime: wireTime(ringingMs),
		rate: decimal(rateMicros, 6),
		baseCost: decimal(baseMicros, 6),
		billPeriod: `${step}+${step}`,
		voiceFileId: `1202202257${String(below(1e6)).padStart(6, '0')}.mp3`,
		calledInfo: below(20) === 0 ? pick(NASTY_REFERENCES) : `ORDER-${100_000 + below(900_000)}`,
		currency: inEuro ? 'EUR' : undefined,
		quoteExchange: inEuro ? '0.938' : undefined,
		settleRate: inEuro ? decimal(rateMicros * 938, 9) : undefined,
	};
	if (ongoing) return record;

	const outcome = pickOutcome(below(100));
	const answered = outcome.code === '200' || outcome.code === '0';
	const answerMs = ringingMs + 1000 * (2 + below(20));
	const callDuration = answered ? 1 + below(180) : 0;
	const chargedDuration = Math.ceil(callDuration / step) * step;
	const costMicros = answered ? baseMicros + (rateMicros / 60) * chargedDuration : 0;
	return Object.assign(record, {
		answerTime: answered ? wireTime(answerMs) : undefined,
		hangupTime: wireTime(answerMs + callDuration * 1000),
		callDuration,
		chargedDuration,
		terminationCode: outcome.code,
		terminationReason: outcome.reason,
		cost: decimal(costMicros, 6),
		feedbackValue: answered && below(3) === 0 ? String(below(10)) : '-1',
		settlePay: inEuro ? decimal(costMicros * 938, 9) : undefined,
	});
}

function pickOutcome(percentile: number) {
	let sum = 0;
	return OUTCOMES.find(({ percent }) => percentile < (sum += percent)) ?? OUTCOMES[0];
}

/** Exact decimal text of a whole number of 10^-places: `decimal(36000, 6)` is `0.036`. */
function decimal(units: number, places: number): string {
	const digits = String(units).padStart(places + 1, '0');
	return `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '');
}

/** Numbers in [0, 1), the same for the same seed and index (mulberry32). */
export function randomSequence(seed: number, index: number): () => number {
	let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
