import { endOfCall } from '../../../nodes/Itniotech/triggers/callEnd';
import { wireTime } from '../../simulator/records';
import { NOW_MS, NOW_S } from '../../support/times';

const ago = (seconds: number) => wireTime(NOW_MS - seconds * 1000);

test.each([
	['its hang-up time', { hangupTime: ago(10), answerTime: ago(5), submitTime: ago(60) }, 10],
	[
		'the latest of the others without one',
		{ callTime: ago(30), ringingTime: ago(40), submitTime: ago(60) },
		30,
	],
	['not a placeholder', { hangupTime: '1970-01-01T08:00:00+08:00', submitTime: ago(60) }, 60],
	['not a placeholder to come', { hangupTime: '9999-12-31T00:00:00+08:00', callTime: ago(7) }, 7],
	['not a time that has not come', { submitTime: ago(60), answerTime: ago(-600) }, 60],
	['not a text', { hangupTime: 'soon', submitTime: null }, 0],
	['now without a time', {}, 0],
])('a call ended at %s', (_, times, secondsAgo) => {
	expect(endOfCall({ voiceId: '1', ...times }, NOW_S)).toBe(NOW_S - secondsAgo);
});
