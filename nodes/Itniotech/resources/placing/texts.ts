import { UserError } from 'n8n-workflow';
import { parseJson } from '../../api/values';

/** What n8n and JavaScript leave in a text, and nobody writes. */
const LEFTOVERS = [
	/\[object \w+\]/,
	/\[(Array|Object|Circular|Function|AsyncFunction|GeneratorFunction|Getter|Setter|Symbol|undefined|null|empty|ERROR|filtered)\b[^\]]*\]?/,
	/\bInvalid (DateTime|Date|Duration|Interval|Time|Zone)\b/,
	/\bNaN\b/,
	/-Infinity\b/,
	/\{\{|\}\}|\$\{/,
	/\$(json|input|node|items?|binary|vars|env|execution|workflow|parameter|prevNode|now|today|itemIndex|runIndex|fromAI|if|jmespath)\b/,
	/\$\(\s*['"`]/,
	/\[native code\]/,
	/\b(async )?function\b\s*\*?\s*\w*\s*\(/,
	/(\)|\b\w+)\s*=>/,
	/\bSymbol\(/,
	/\b(Type|Reference|Syntax|Range|Expression|NodeOperation|NodeApi)Error\b/,
	/\bCannot read propert(y|ies) of\b/,
	/#(REF!|VALUE!|N\/A|NAME\?|DIV\/0!|NUM!|NULL!|ERROR!)/,
	/^=/,
];
/** An object as JSON; a reference may well be one. */
const JSON_OBJECT = /\{\s*"[^"]*"\s*:/;

/** The words of other meanings, each with where it has one. */
const UNDEFINED_AS_ADJECTIVE =
	/\b(left|remains?|remained|as|still) undefined\b|\bundefined (behaviou?rs?|variables?|values?|references?|terms?|words?|periods?|amounts?|numbers?|times?|states?|errors?|results?|functions?)\b|\b(an?|the|any|some|no) undefined (?!(is|was|are|were|has|had|will|can|for|from|with|and|at|on|in|by|to)\b)[a-z]{2,}/g;
const NULL_AS_ADJECTIVE =
	/\bnull (and|or) void\b|\bvoid (and|or) null\b|\bnull (hypothesis|pointers?|results?|values?|sets?|modems?|characters?|strings?|islands?|terminators?|votes?)\b/g;
/** German, Norwegian and Estonian count from "null". */
const NULL_IS_ZERO = /^(DE|AT|CH|LU|LB|NO|NB|NN|ET|EE)\b/i;
const NULL_IS_ZERO_WORDS =
	/(^|[^\p{L}])(ist|sind|Sie|Ihre?[mnrs]?|und|oder|der|die|das|den|dem|ein|eine|drücken|wählen|für|von|vor|bei|auf|Uhr|eins|zwei|drei|Grad|Prozent|Komma|Taste|trykk|tast|velg|og|vajutage)(?![\p{L}])/u;
/** "Infinity" where an amount belongs. */
const INFINITY_AS_VALUE =
	/^Infinity[.!?]?$|[:=$€£#]\s*Infinity\b|\bInfinity\s*(%|percent|dollars?|euros?|cents?|pounds?|minutes?|hours?|days?|seconds?|times|points|units|USD|EUR|GBP)(?![\p{L}])|(?<!\b([Tt]his|[Tt]hat|[Hh]ere|[Nn]ame|[Ii]t|[Ww]e|[Ww]ho) )\b(is|are|was|were|costs?) Infinity\s*([.,;!?]|$)/u;

/**
 * @param language code of the language of a text that is spoken
 * @throws UserError naming the field, and what a failed or forgotten expression left in it
 */
export function refuseLeftovers(text: string, displayName: string, language: string): void {
	const leftover = leftoverIn(text) ?? JSON_OBJECT.exec(text)?.[0] ?? valueWordIn(text, language);
	if (leftover !== undefined) throw leftoverError(displayName, leftover);
}

/** The same for a reference or an ID, in which a word stands for nothing else. */
export function refuseLeftoversInId(text: string, displayName: string): void {
	const isJson = typeof parseJson(text) === 'object';
	const word = isJson ? undefined : /(?<![\p{L}\d])(undefined|null)(?![\p{L}\d])/u.exec(text)?.[0];
	const leftover = leftoverIn(text) ?? word;
	if (leftover !== undefined) throw leftoverError(displayName, leftover);
}

function leftoverIn(text: string): string | undefined {
	return LEFTOVERS.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined);
}

function valueWordIn(text: string, language: string): string | undefined {
	if (/(?<![\p{L}\d])undefined(?![\p{L}\d])/u.test(text.replace(UNDEFINED_AS_ADJECTIVE, '')))
		return 'undefined';
	const isZero = NULL_IS_ZERO.test(language) || NULL_IS_ZERO_WORDS.test(text);
	const hasNull = /(?<![\p{L}\d])null(?![\p{L}\d])/u.test(text.replace(NULL_AS_ADJECTIVE, ''));
	if (hasNull && !isZero) return 'null';
	return INFINITY_AS_VALUE.exec(text)?.[0].trim();
}

function leftoverError(displayName: string, leftover: string): UserError {
	return new UserError(
		`"${displayName}" contains "${leftover}", as if a value were missing or an expression were not resolved`,
		{
			description: `Check the expressions of "${displayName}". If you mean these words, write them differently. Nobody was called.`,
		},
	);
}

/** French has a blank before `!` and `?`. A text without a known language may be French. */
const FRENCH = /^(fr|$)/i;

/** Whether a text looks as if an expression in it gave no value: blanks around nothing. */
export function hasGap(text: string, language = ''): boolean {
	return (
		/[^\s.!?:;…。] {2,}\S|[.:] {2,}\p{Ll}|^ +\S/u.test(text) ||
		/\S [,.](\s|$)/.test(text) ||
		(!FRENCH.test(language) && /\S [!?](\s|$)/.test(text)) ||
		/^\s*[,.;:!?]/.test(text) ||
		/\(\s*\)|""|“”|«\s*»|''|‘’|„“/.test(text) ||
		/[\p{L},] +$|[:=#$€£]\s*$/u.test(text)
	);
}

/**
 * The same for a reference or a name, in which a sign joins the parts: `order-`, `-1042`, `order--2`. `Acme Inc.`, `#1042` and a
 * web address have no gap.
 */
export function hasGapInName(name: string): boolean {
	const text = name.replace(/:\/\/|\.{3}|(?<=\p{L})\.$/gu, '');
	return hasGap(text) || /^[\s\-_/:.]|[\s\-_/:.#]$|([-_/:.#])\1/.test(text);
}
