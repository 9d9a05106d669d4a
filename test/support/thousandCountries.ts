import { wireTime } from '../simulator/records';
import type { WireRecord } from '../simulator/dataset';
import { NOW_MS } from './times';

/** One alarm for each country. */
export const COUNTRY_ALARM = {
	event: 'thresholdCrossed',
	metric: 'failureRate',
	condition: 'above',
	threshold: 20,
	windowMinutes: 60,
	minimumCalls: 1,
	alarmPer: 'country',
};

/** Calls of the last hour to 1,000 countries with long names, two in three failed. */
export function callsToThousandCountries(count: number): WireRecord[] {
	return Array.from({ length: count }, (_, index) => {
		const time = wireTime(NOW_MS - 60_000 - (index % 3000) * 1000);
		const terminationCode = index % 3 === 0 ? '200' : '486';
		const code = `The country with number ${index % 1000} of a thousand (Operator)`;
		return { voiceId: `${index}`, submitTime: time, callTime: time, hangupTime: time, terminationCode, code };
	});
}
