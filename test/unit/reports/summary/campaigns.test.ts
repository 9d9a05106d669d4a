import { readCampaign } from '../../../../nodes/Itniotech/api/campaignValues';
import {
	CAMPAIGN_FIELD_NAMES,
	LISTED_CAMPAIGN,
	SIMPLIFIED_CAMPAIGN,
	selectCampaignFields,
} from '../../../../nodes/Itniotech/reports/summary/campaigns';

const ROW = {
	jobId: 7,
	taskName: 'Spring',
	status: 2,
	numCnt: 10,
	callNum: 9,
	success: 6,
	fail: 3,
	keyFeedbackNum: 2,
	callDuration: 61,
	chargeLen: 120,
	createdTime: '2026-11-20 15:59:59',
	sendTime: '2026-11-20 16:00:00',
	finishTime: '2026-11-20 17:00:00',
};
const fieldsOf = (changes: object, zone = 'Europe/Berlin') =>
	selectCampaignFields(CAMPAIGN_FIELD_NAMES, zone)(readCampaign({ ...ROW, ...changes })!);

test('a campaign has all fields, the times of the service (UTC+8) in the zone that was asked for', () => {
	expect(fieldsOf({})).toEqual({
		campaignId: '7',
		name: 'Spring',
		status: 'done',
		numbers: 10,
		called: 9,
		answered: 6,
		failed: 3,
		answerRate: 0.6667,
		keysPressed: 2,
		callDuration: 61,
		chargedDuration: 120,
		createdAt: '2026-11-20T08:59:59+01:00',
		startAt: '2026-11-20T09:00:00+01:00',
		finishedAt: '2026-11-20T10:00:00+01:00',
	});
});

test.each([
	[0, 0, 0, null],
	[5, 0, 5, 0],
	[5, 5, 0, 1],
	['', 5, 0, 1],
	[100_000, 1, 99_999, 0.0001],
	[100_000, 99_999, 1, 0.9999],
	[5, '', 5, null],
	[5, 5, null, null],
	// Figures that contradict each other.
	[10, 12, 0, null],
	[10, 8, 3, null],
	// What became of some of the calls, the service does not say.
	[10, 4, 0, null],
	[10, 0, 4, null],
	[10, 4, 4, 0.5],
])(
	'a campaign with %j called, %j answered, %j failed has an answer rate of %j',
	(callNum, success, fail, answerRate) => {
		expect(fieldsOf({ callNum, success, fail })).toMatchObject({ answerRate });
	},
);

test('calls that are under way are not in the answer rate of a campaign', () => {
	expect(fieldsOf({ status: 1, callNum: 10, success: 4, fail: 0 })).toMatchObject({ answerRate: 1 });
});

test.each([
	['2026-11-20 17:00:00', '2026-11-20T10:00:00+01:00'],
	['2026-11-20T17:00:00.123', '2026-11-20T10:00:00+01:00'],
	['2026/11/20 17:00', '2026-11-20T10:00:00+01:00'],
	['2026-11-20T09:00:00Z', '2026-11-20T10:00:00+01:00'],
	[1_795_165_200, '2026-11-20T10:00:00+01:00'],
	[1_795_165_200_000, '2026-11-20T10:00:00+01:00'],
	['0000-00-00 00:00:00', null],
	[0, null],
	['0', null],
	['', null],
	['today', 'today'],
])('the time %j of a campaign is %j', (finishTime, finishedAt) => {
	expect(fieldsOf({ finishTime })).toMatchObject({ finishedAt });
});

test('a figure of a campaign that is not a count is null; seconds may have a fraction', () => {
	const changes = { numCnt: 4.5, callNum: -1, success: '1,234', keyFeedbackNum: 'x', callDuration: '12.5' };
	expect(fieldsOf(changes)).toMatchObject({
		numbers: null,
		called: null,
		answered: null,
		keysPressed: null,
		callDuration: 12.5,
	});
});

test('what the service does not say of a campaign is null', () => {
	expect(
		Object.values(selectCampaignFields(CAMPAIGN_FIELD_NAMES, 'UTC')(readCampaign({ jobId: 7 })!)),
	).toEqual(['7', '', ...Array(12).fill(null)]);
});

test('a simplified campaign has at most ten fields', () => {
	for (const names of [SIMPLIFIED_CAMPAIGN, LISTED_CAMPAIGN]) expect(names.length).toBeLessThanOrEqual(10);
});
