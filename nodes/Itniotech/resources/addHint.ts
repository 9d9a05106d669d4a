import type { IExecuteFunctions } from 'n8n-workflow';

const textsByRun = new WeakMap<object, Set<string>>();

/** Shows a text above the output of a run, once, however many items it concerns. */
export function addHint(context: IExecuteFunctions, text: string): void {
	const texts = textsByRun.get(context) ?? new Set();
	textsByRun.set(context, texts);
	if (texts.has(text)) return;
	texts.add(text);
	// Runs of tools have no hints in older versions of n8n.
	(context as Partial<IExecuteFunctions>).addExecutionHints?.({ message: text, location: 'outputPane' });
}
