import { UserError } from 'n8n-workflow';
import { LANGUAGES } from '../../api/placing';
import { foldText, MAX_QUOTED_LENGTH, readText } from '../../records/query/parameters';

/** Also of the languages that the list does not have yet. */
const CODE = /^[a-z]{2,3}([-_][a-z0-9]{2,8})*$/i;
const HOW_TO_CHOOSE = 'Choose a language from the list, or enter the code of one, e.g. EN';

/**
 * The code of a language, which may be given by its name.
 * @throws UserError naming what is neither
 */
export function readLanguage(value: unknown): string {
	const text = readText(value, 'Language', HOW_TO_CHOOSE);
	const named = LANGUAGES.find(({ name }) => foldText(name) === foldText(text));
	if (named) return named.value;
	if (CODE.test(text)) return text;
	throw new UserError(`Unknown value for "Language": ${text.slice(0, MAX_QUOTED_LENGTH)}`, {
		description: HOW_TO_CHOOSE,
	});
}
