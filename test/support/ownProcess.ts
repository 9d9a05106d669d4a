/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions -- for shipped code, not for tests */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

/**
 * What a file, run in a separate process, answers to a question. In the process of a test, memory that other tests leave or
 * free would count, too.
 */
export async function askProcess<Answer>(file: string, question: object): Promise<Answer> {
	const child = fork(file, { execArgv: ['--import', 'tsx'] });
	child.send(question);
	const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
	if (typeof answer !== 'object') throw new Error(`${file} ended with code ${String(answer)}`);
	return answer as Answer;
}

/** Answers the question of the parent, and ends the process. */
export function answerParent<Question>(answer: (question: Question) => Promise<object>): void {
	process.once('message', (question) => {
		void answer(question as Question).then((answered) =>
			process.send?.(answered, undefined, undefined, () => process.exit()),
		);
	});
}
