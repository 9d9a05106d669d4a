import { DateTime, Duration } from 'luxon';
import type { IPollFunctions } from 'n8n-workflow';
import type { ListDifference } from '../../records/scan';

type Level = 'warn' | 'error';

/** What a poll has to say, written once it has succeeded: until then it may have gone by a wrong time. */
export class PollLog {
	private readonly entries: Array<[Level, string]> = [];

	constructor(private readonly context: IPollFunctions) {}

	add(level: Level, text: string): void {
		this.entries.push([level, text]);
	}

	incompleteList({ fromS, toS, counted, received, withoutId }: ListDifference): void {
		const zone = this.context.getTimezone();
		const [from, to] = [fromS, toS].map((seconds) => DateTime.fromSeconds(seconds, { zone }).toISO());
		const figures = `counts ${counted} call records and lists ${received}`;
		const skipped = withoutId > 0 ? `, ${withoutId} of them without an ID, which are left out` : '';
		this.add(
			'warn',
			`ITNIO TECH ${figures}${skipped}, ${from} to ${to}. It continues with what was received.`,
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
