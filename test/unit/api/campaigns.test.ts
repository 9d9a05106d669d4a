import {
	callAgainRequest,
	campaignDetailRequest,
	campaignRequest,
	campaignsRequest,
	cancelRequest,
} from '../../../nodes/Itniotech/api/campaigns';
import { hasCampaignEnded, readCampaign } from '../../../nodes/Itniotech/api/campaignValues';
import type { Refusal } from '../../../nodes/Itniotech/api/answer';
import type { Campaign, NewCampaign } from '../../../nodes/Itniotech/api/types';

const TEXT_CAMPAIGN: NewCampaign = {
	name: 'Spring',
	numbers: [{ calledNumber: '15550100', variables: ['Ana', '12'] }, { calledNumber: '15550101' }],
	message: { source: 3, text: 'Hello ${text1}', lan: 'EN' },
	appId: 'app',
	loopCount: 1,
	maxDuration: 60,
};
/** The sample of the vendor's page. */
const ROW = {
	jobId: 5000602,
	taskName: '2024-06-04 14:49:17111',
	status: 0,
	rate: '0',
	numCnt: 1,
	callNum: 0,
	success: 0,
	fail: 0,
	createdTime: '2024-06-04 14:49:17',
};
const rowOf = (changes: object) => readCampaign({ ...ROW, ...changes })!;

test('a campaign is sent by the names of the API, its times without an offset', () => {
	const startMs = Date.parse('2026-11-20T16:00:00Z');
	const callingHours = [{ strTime: '10:00', endTime: '22:00' }];
	const { method, path, body } = campaignRequest({ ...TEXT_CAMPAIGN, startMs, callingHours });
	expect([method, path]).toEqual(['POST', '/voice/group/call/send']);
	expect(body).toEqual({
		taskName: 'Spring',
		numberInfoList: [{ calleeNumber: '15550100', text1: 'Ana', text2: '12' }, { calleeNumber: '15550101' }],
		source: 3,
		text: 'Hello ${text1}',
		lan: 'EN',
		appId: 'app',
		loopCount: 1,
		maxCalls: 60,
		sendTime: '2026-11-21 00:00:00',
		allowSendTime: callingHours,
	});
	expect(campaignRequest(TEXT_CAMPAIGN).body).toHaveProperty('sendTime', null);
});

test.each<[unknown, string | null]>([
	[5000602, '5000602'],
	['5000602', '5000602'],
	[{ jobId: 5 }, '5'],
	[{ taskId: '5' }, '5'],
	[{ keyId: 5 }, '5'],
	[null, null],
	['', null],
	[undefined, null],
	[{}, null],
	[true, null],
	[0, null],
	['0', null],
	['success', null],
	[{ jobId: 0 }, null],
	[[5000602], null],
])('the answer %j to a new campaign has the ID %j', (data, campaignId) => {
	const { read } = campaignRequest(TEXT_CAMPAIGN);
	expect(read({ status: '0', data } as never)).toEqual({ campaignId, isNameTaken: false });
});

test.each(['-1', '-2', '-10', '-16', '-21', '-22', '-26', '-34', '-35'])(
	'status %s: there is no new campaign',
	(status) => {
		const refusal: Refusal = { message: 'x', hint: 'y', retry: 'no', cause: 'node-defect', status };
		expect(campaignRequest(TEXT_CAMPAIGN).readRefusal!(refusal)).not.toHaveProperty('isOutcomeUnknown');
	},
);

test.each(['-15', '-18', '-23', '-24', '-99', undefined])(
	'status %s: nobody knows whether there is a new campaign, and it is not sent again',
	(status) => {
		const refusal: Refusal = { message: 'x', hint: 'y', retry: 'backoff', cause: 'node-defect', status };
		expect(campaignRequest(TEXT_CAMPAIGN).readRefusal!(refusal)).toMatchObject({
			isOutcomeUnknown: true,
			retry: 'no',
			message: 'It is not known whether ITNIO TECH accepted the campaign',
			hint: expect.stringContaining('"Name" set to Spring') as unknown,
		});
	},
);

test('a row of the list is a campaign with figures and times', () => {
	expect(rowOf({})).toMatchObject({
		campaignId: '5000602',
		name: '2024-06-04 14:49:17111',
		status: 'waiting',
		numbers: 1,
		called: 0,
		answered: 0,
		failed: 0,
		keysPressed: null,
		createdAt: '2024-06-04T14:49:17+08:00',
		finishedAt: null,
		wire: { ...ROW },
	});
});

test('the details of a campaign have other names for some figures, and figures as text', () => {
	const data = {
		...ROW,
		jobId: undefined,
		callNum: undefined,
		callTotal: '7',
		keyFeedbackNum: '3',
		chargeLen: 90,
	};
	const { method, path, read } = campaignDetailRequest('50/1');
	expect([method, path]).toEqual(['GET', '/voice/group/call/detail/50%2F1']);
	expect(read({ data } as never)).toMatchObject({
		campaignId: '50/1',
		called: 7,
		keysPressed: 3,
		chargedDuration: 90,
	});
	for (const nothing of [null, undefined, {}]) expect(read({ data: nothing } as never)).toBeNull();
	expect(read({ data: [] })).toBeUndefined();
});

test.each([
	[0, 'waiting', false],
	['1', 'calling', false],
	[2, 'done', true],
	['3', 'failed', true],
	[4, 'cancelled', true],
	[5, 'suspended', false],
	[6, 'submitting', false],
	[9, '9', false],
	[null, null, false],
])('the status %j of a campaign is %j, ended: %j', (status, word, hasEnded) => {
	const campaign = rowOf({ status });
	expect(campaign.status).toBe(word);
	expect(hasCampaignEnded(campaign)).toBe(hasEnded);
});

test('a list is asked for by times, statuses and text, and read whether it is counted or not', () => {
	const search = { fromS: 0, toS: 3600, statuses: ['done', 'cancelled'], text: 'Spring' };
	const { body, read, answeredBy } = campaignsRequest(search, { current: 1, size: 100 });
	expect(body).toEqual({
		current: 1,
		size: 100,
		params: {
			strTime: '1970-01-01 08:00:00',
			endTime: '1970-01-01 09:00:00',
			statusList: [2, 4],
			searchCondition: 'Spring',
		},
	});
	expect(answeredBy).toBeUndefined();
	const campaigns = [expect.objectContaining({ campaignId: '5000602' }) as Campaign];
	expect(read({ data: { total: '1', records: [ROW] } } as never)).toEqual({
		campaigns,
		withoutId: [],
		total: 1,
	});
	const withoutId = [{ campaignId: '', name: 'Spring' }, { campaignId: '' }].map(
		(row) => expect.objectContaining(row) as Campaign,
	);
	const records = [ROW, { taskName: 'Spring' }, null];
	expect(read({ data: { total: -1, records } } as never)).toEqual({ campaigns, withoutId });
	expect(read({ data: [ROW] } as never)).toEqual({ campaigns, withoutId: [] });
	for (const data of [null, { records: null }, []])
		expect(read({ data } as never)).toEqual({ campaigns: [], withoutId: [] });
	for (const data of ['x', 1, { records: 'x' }]) expect(read({ data } as never)).toBeUndefined();
});

test('a campaign is cancelled by its number, or by its ID as it is where a number cannot hold it', () => {
	expect(cancelRequest('123').body).toEqual({ taskIdList: [123] });
	expect(cancelRequest('12345678901234567890').body).toEqual({ taskIdList: ['12345678901234567890'] });
	expect(cancelRequest('007').body).toEqual({ taskIdList: ['007'] });
});

test('failed numbers are called again with what the details say of the campaign', () => {
	const details = { appId: 'app', source: 3, text: 'Hi', lan: 'EN', loopCount: '2', maxCalls: 40 };
	expect(callAgainRequest(rowOf(details), 'Spring again')?.body).toEqual({
		keyId: 5000602,
		appId: 'app',
		taskName: 'Spring again',
		source: 3,
		text: 'Hi',
		lan: 'EN',
		loopCount: 2,
		maxCalls: 40,
		resendType: 1,
	});
	const file = { appId: 'app', source: 2, voiceFileId: 'x.mp3', displayNum: '15550199' };
	expect(callAgainRequest(rowOf(file), 'again')?.body).toEqual({
		keyId: 5000602,
		appId: 'app',
		taskName: 'again',
		source: 1,
		voiceFileId: 'x.mp3',
		displayNum: '15550199',
		loopCount: 1,
		maxCalls: 60,
		resendType: 1,
	});
	const odd = { appId: 'app', source: 3, voiceFileId: 'x.mp3', text: '', loopCount: 0, maxCalls: '1000' };
	expect(callAgainRequest(rowOf(odd), 'again')?.body).toMatchObject({
		source: 1,
		voiceFileId: 'x.mp3',
		loopCount: 1,
		maxCalls: 60,
	});
	expect(callAgainRequest(rowOf({ source: 1, voiceFileId: 'x.mp3' }), 'again')).toBeUndefined();
	expect(callAgainRequest(rowOf({ appId: 'app', source: 3 }), 'again')).toBeUndefined();
});

test('a figure that the service did not count, or that is none, is not known', () => {
	for (const figure of [-1, '-1', '', null, undefined, 'x', '1,234', {}]) {
		const row = rowOf({ numCnt: figure, callNum: figure, success: figure, fail: figure });
		expect([row.numbers, row.called, row.answered, row.failed]).toEqual([null, null, null, null]);
	}
});
