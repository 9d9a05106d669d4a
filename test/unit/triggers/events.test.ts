import { refuseOtherCodes } from '../../../nodes/Itniotech/triggers/events';

const EVENTS = ['callFailed', 'callAnswered', 'callEnded', 'keyPressed'];

test.each<[string, unknown, string[]]>([
	['no code', '', []],
	['a failed code', '486', ['callAnswered']],
	['all failed', ['486', '404'], ['callAnswered']],
	['an answered code', '200', ['callFailed']],
	['both answered codes', '0, 200', ['callFailed']],
	['one of each', '200, 486', []],
])('codes that leave out all calls with the event are refused: %s', (_, terminationCode, refused) => {
	const isRefused = (event: string) => {
		try {
			refuseOtherCodes(event, { terminationCode });
			return false;
		} catch (error) {
			expect(error).toMatchObject({
				message: '"Filters" → "Termination Code" leaves out all calls with the event',
				description: expect.stringMatching(/"Call (Failed|Answered)".*or another "Event"/) as string,
			});
			return true;
		}
	};
	expect(EVENTS.filter(isRefused)).toEqual(refused);
});
