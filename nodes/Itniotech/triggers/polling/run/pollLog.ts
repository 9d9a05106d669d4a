import { DateTime, Duration } from 'luxon';
import type { IPollFunctions } from 'n8n-workflow';
import { describeDifference, type ListDifference } from '../../../records/scan';

type Level = 'warn' | 'error';

/** What a poll has to say, written once it has succeeded: until then it may have gone by a wrong time. */
export class PollLog {
	private readonly entries: Array<[Level, string]> = [];

	constructor(private readonly context: IPollFunctions) {}

	add(level: Level, text: string): void {
		this.entries.push([level, text]);
	}

	incompleteList(difference: ListDifference): void {
		const zone = this.context.getTimezone();
		const [from, to] = [difference.fromS, difference.toS].map((seconds) =>
			DateTime.fromSeconds(seconds, { zone }).toISO(),
		);
		const { withoutId } = difference;
		const skipped = withoutId > 0 ? ` Left out for lack of an ID: ${withoutId}.` : '';
		this.add(
			'warn',
			`${describeDifference(difference)}, from ${from} to ${to}. It continues with what was received.${skipped}`,
		);
	}

	/** @param differenceMs the service's clock minus this server's */
	clockDifference(differenceMs: number): void {
		if (differenceMs === 0) return;
		const amount = Duration.fromMillis(Math.abs(differenceMs)).shiftTo('hours', 'minutes', 'seconds');
		const direction = differenceMs < 0 ? 'ahead of' : 'behind';
		const text = amount.toFormat("h 'h' m 'min' s 's'");
		this.add('warn', `the clock of this n8n server is ${text} ${direction} ITNIO TECH's, whose time it uses`);
	}

	write(): void {
		for (const [level, text] of this.entries) this.context.logger[level](`ITNIO TECH Trigger: ${text}`);
	}
}
