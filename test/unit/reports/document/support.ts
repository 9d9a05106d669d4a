import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { CallReport } from '../../../../nodes/Itniotech/reports/document/callReport';
import { htmlOf } from '../../../../nodes/Itniotech/reports/document/htmlPage';
import { SECTION_NAMES, type ReportLayout } from '../../../../nodes/Itniotech/reports/document/overview';
import { reportSubject, reportText } from '../../../../nodes/Itniotech/reports/document/text';
import { DAY_S } from '../../../support/times';
import { atOnce } from '../../../support/atOnce';

/** Friday, 20 November 2026 in Singapore. */
export const FROM_S = Date.parse('2026-11-19T16:00:00Z') / 1000;
export const LAYOUT: ReportLayout = {
	title: 'Call Report',
	sections: SECTION_NAMES,
	topN: 10,
	shortCallSeconds: 6,
};

export interface Given {
	days?: number;
	zone?: string;
	layout?: Partial<ReportLayout>;
	/** Calls of the days before; `null`: not known. */
	earlier?: WireRecord[] | null;
}

export function reportOf(
	records: WireRecord[],
	{ days = 1, zone = 'Asia/Singapore', layout, earlier }: Given = {},
) {
	const report = new CallReport({ fromS: FROM_S, toS: FROM_S + days * DAY_S - 1 }, zone, LAYOUT);
	for (const record of records) report.add(record);
	if (earlier !== undefined) {
		const summary = earlier && report.createEarlier((seconds) => seconds);
		for (const record of earlier ?? []) summary!.add(record);
		atOnce(report.compareWith(summary));
	}
	const earlierRange = earlier ? { fromS: FROM_S - days * DAY_S, toS: FROM_S - 1 } : undefined;
	const whole = { ...LAYOUT, earlierRange, ...layout };
	return {
		html: htmlOf(report, whole),
		text: reportText(report, whole),
		subject: reportSubject(report, whole),
	};
}

let nextId = 0;

/** An answered call of 0.5 USD. */
export function call(fields: Partial<WireRecord> = {}, atS = 0): WireRecord {
	const submitTime = new Date((FROM_S + atS) * 1000).toISOString();
	return {
		voiceId: String(nextId++),
		submitTime,
		terminationCode: '200',
		callDuration: 30,
		cost: '0.5',
		...fields,
	};
}

export const failedCall = (fields: Partial<WireRecord> = {}, atS = 0) =>
	call(
		{ terminationCode: '486', terminationReason: 'Busy Here', callDuration: 0, cost: '0', ...fields },
		atS,
	);

export const many = <T>(count: number, make: (index: number) => T) =>
	Array.from({ length: count }, (_, index) => make(index));

/** What a reader sees. */
export const visible = (html: string) =>
	html
		.replace(/<div style="display:none.*?<\/div>/, '')
		.replace(/<(title|style)>.*?<\/\1>/g, '')
		.replace(/<[^>]*>/g, ' ')
		.replace(/&nbsp;/g, ' ')
		.replace(/&#39;/g, "'")
		.replace(/\s+/g, ' ')
		.trim();
