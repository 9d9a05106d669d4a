import type { Api } from '../../../../nodes/Itniotech/api/endpoints';
import { atServiceTime, type ServiceTime } from '../../../../nodes/Itniotech/triggers/polling/pollRun';
import { NOW_MS } from '../../../support/times';

/** A service whose differences from this server are learnt one after another, one with each answer. */
function apiWith(...differences: Array<number | undefined>) {
	let differenceMs = differences[0];
	const api = {
		now: () => NOW_MS + (differenceMs ?? 0),
		clockDifferenceMs: () => differenceMs,
	} as Api;
	let answers = 0;
	const answer = () => (differenceMs = differences[++answers] ?? differenceMs);
	return { api, answer };
}

async function triesWith(
	differences: Array<number | undefined>,
	read: (time: ServiceTime, answer: () => void) => void,
): Promise<number[]> {
	const { api, answer } = apiWith(...differences);
	const tries: number[] = [];
	await atServiceTime(api, async (time) => {
		tries.push(time.nowS - NOW_MS / 1000);
		read(time, answer);
	});
	return tries;
}

const readAndCheck = (time: ServiceTime, answer: () => void) => {
	answer();
	time.check();
};

test.each<[string, Array<number | undefined>, number[]]>([
	['nothing is learnt', [undefined], [0]],
	['the clock is right', [undefined, 0], [0]],
	['it is known to be off', [7_200_000, 7_200_000], [7200]],
	['the first answer shows that it is off', [undefined, 7_200_000], [0, 7200]],
	['it was set since', [7_200_000, 0], [7200, 0]],
	['it differs by some seconds more', [7_200_000, 7_259_000], [7200]],
	['each answer shows another difference', [undefined, 7_200_000, -7_200_000, 0], [0, 7200]],
])('the work is done at the time of the service when %s', async (_case, differences, expected) => {
	expect(await triesWith(differences, readAndCheck)).toEqual(expected);
	expect(await triesWith(differences, (_time, answer) => answer())).toEqual(expected);
});

test('a refusal that shows that the clock is off is not the end', async () => {
	let isRefused = true;
	const refusal = (_time: ServiceTime, answer: () => void) => {
		answer();
		if (isRefused) {
			isRefused = false;
			throw new Error('out of range');
		}
	};
	expect(await triesWith([undefined, 7_200_000], refusal)).toEqual([0, 7200]);
	isRefused = true;
	await expect(triesWith([undefined, 0], refusal)).rejects.toThrow('out of range');
});
