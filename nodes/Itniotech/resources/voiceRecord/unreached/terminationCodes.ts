import { UserError } from 'n8n-workflow';
import { isEmpty, listOf, unknownValue } from '../../../records/query/parameters';

/** After these, another try may be answered: no answer, not available, busy, given up, and faults on the way. */
export const DEFAULT_CODES = '408, 480, 486, 487, 5xx';
/** The number does not exist, so a range of codes never means these. Entered one by one, they count. */
const NO_SUCH_NUMBER = ['404', '410', '484', '604'];

/**
 * @param value SIP codes such as `486`, and ranges such as `5xx`: a list, or text with commas between them
 * @throws UserError with the code that is neither
 */
export function readCodes(value: unknown): (code: string | null) => boolean {
	const codes = listOf(isEmpty(value) ? DEFAULT_CODES : value).map((code) => code.toLowerCase());
	const unknown = codes.find((code) => !/^[1-6](\d\d|xx)$/.test(code));
	if (unknown !== undefined || codes.length === 0) {
		throw new UserError(unknownValue('Termination Codes', unknown), {
			description: `Enter SIP codes and ranges of codes, e.g. ${DEFAULT_CODES}`,
		});
	}
	return (code) => {
		if (code === null || code.length !== 3) return false;
		return codes.includes(code) || (!NO_SUCH_NUMBER.includes(code) && codes.includes(`${code[0]}xx`));
	};
}
