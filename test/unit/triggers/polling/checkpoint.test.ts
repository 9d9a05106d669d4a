import { ObservableObject, type IDataObject } from 'n8n-workflow';
import {
	readCheckpoint,
	startCheckpoint,
	type Checkpoint,
} from '../../../../nodes/Itniotech/triggers/polling/checkpoint';
import { countFailure } from '../../../../nodes/Itniotech/triggers/polling/digest';
import { NOW_S } from '../../../support/times';

const start = () => startCheckpoint('hash', NOW_S, 3600);

function afterPolls(): Checkpoint {
	const checkpoint: Checkpoint = {
		...start(),
		resumeAtS: NOW_S,
		readToS: NOW_S + 60,
		catchUpStartS: NOW_S + 90,
		seenCalls: 'AAAAAAAAAAAAAAAA',
		openCalls: 'AAAAAAAAAAAAAAAA',
		base: { lineage: 'a', number: 3 },
	};
	countFailure(checkpoint.tally, { voiceId: '1', terminationCode: '486' });
	checkpoint.tally.sampleIds.push('1');
	return checkpoint;
}

test.each([
	['at the start', start()],
	['after polls', afterPolls()],
])('a checkpoint is plain JSON that is read back unchanged, %s', (_case, checkpoint) => {
	const stored = JSON.parse(JSON.stringify(checkpoint)) as IDataObject;
	expect(stored).toEqual(checkpoint);
	expect(readCheckpoint(stored)).toEqual(checkpoint);
});

test('a checkpoint is read through the proxies of n8n, as a copy', () => {
	const state = JSON.parse(JSON.stringify({ checkpoint: afterPolls() })) as IDataObject;
	const staticData = ObservableObject.create(state) as IDataObject;
	const checkpoint = readCheckpoint(staticData.checkpoint)!;
	checkpoint.tally.calls = 5;
	checkpoint.tally.failuresByReason[0].calls = 5;
	expect(staticData.checkpoint).toEqual(afterPolls());
	expect(structuredClone(checkpoint)).toEqual(checkpoint);
});

test.each<[string, unknown]>([
	['null', null],
	['missing', undefined],
	['text', 'x'],
	['a list', [1]],
	['of another trigger', { lastTimeChecked: '2026-11-20' }],
	['of an earlier version', { ...start(), version: 1 }],
	['of a later version', { ...start(), version: 3 }],
	['with a time as text', { ...start(), resumeAtS: '1' }],
	['with an endless time', { ...start(), readToS: null }],
	['with an unsafe time', { ...start(), readToS: 1e300 }],
	['with a negative time', { ...start(), startS: -1 }],
	['with a fraction of a second', { ...start(), rereadFromS: 0.5 }],
	['without a catch-up', { ...start(), catchUpStartS: undefined }],
	['with a slice of no length', { ...start(), sliceS: 0 }],
	['with seen calls that cannot be unpacked', { ...start(), seenCalls: 'AAAA' }],
	['without seen calls', { ...start(), seenCalls: undefined }],
	['with open calls as a list', { ...start(), openCalls: [] }],
	['with open calls that cannot be unpacked', { ...start(), openCalls: 'AAAA' }],
	['without a lineage', { ...start(), lineage: undefined }],
	['with a number as text', { ...start(), number: '1' }],
	['with a base that is not complete', { ...start(), base: { lineage: 'a' } }],
	['with an incomplete tally', { ...start(), tally: { calls: 1 } }],
	['without a hash of settings', { ...start(), settingsHash: undefined }],
])('a stored state is refused when it is %s', (_case, value) =>
	expect(readCheckpoint(value)).toBeUndefined(),
);
