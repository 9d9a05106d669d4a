import type { IExecuteFunctions } from 'n8n-workflow';
import type { PlacedCall } from '../../api/types';

/** n8n keeps ten values of an execution, and the workflow may set some itself. */
const MAX_CALLS_WITH_DATA = 4;
/** n8n logs an error for a longer value. */
const MAX_VALUE_LENGTH = 255;

/** Adds the ID and the reference of a call to the data by which n8n finds an execution, where it has such data. */
export function addToExecutionData(
	{ customData }: Partial<IExecuteFunctions>,
	{ voiceId, calledInfo }: PlacedCall,
): void {
	if (!customData) return;
	const values = customData.getAll();
	for (let nth = 1; nth <= MAX_CALLS_WITH_DATA; nth++) {
		const [idKey, infoKey] = [`itniotechVoiceId${nth}`, `itniotechCalledInfo${nth}`];
		if (idKey in values || infoKey in values) continue;
		if (voiceId !== null) customData.set(idKey, voiceId);
		customData.set(infoKey, calledInfo.slice(0, MAX_VALUE_LENGTH));
		return;
	}
}
