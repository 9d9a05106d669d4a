import type { Fault } from './faults';

/** What a person can let every request get, so that the messages of the node can be seen on the canvas. */
const SWITCHES: Array<{ name: string; fault?: Fault }> = [
	{ name: 'Answer normally' },
	{ name: 'Reject the API key (-1)', fault: { kind: 'status', status: '-1' } },
	{ name: 'Reject the IP address (-31)', fault: { kind: 'status', status: '-31' } },
	{ name: 'Disable the API key (-30)', fault: { kind: 'status', status: '-30' } },
	{ name: 'Too many requests (-15)', fault: { kind: 'status', status: '-15' } },
	{ name: 'Clock differs (-16)', fault: { kind: 'status', status: '-16' } },
	{ name: 'Reject a parameter (-22)', fault: { kind: 'status', status: '-22' } },
	{ name: 'Time range too old (-25)', fault: { kind: 'status', status: '-25' } },
	{ name: 'Internal fault (-18)', fault: { kind: 'status', status: '-18' } },
	{ name: 'Server unavailable (HTTP 503)', fault: { kind: 'http', httpStatus: 503, body: 'unavailable' } },
	{ name: 'Sign-in page of a network', fault: { kind: 'html' } },
	{ name: 'Incomplete response', fault: { kind: 'truncated' } },
	{ name: 'Connection reset', fault: { kind: 'reset' } },
	{ name: 'Answer 10 seconds late', fault: { kind: 'slow', ms: 10_000 } },
];

/** What the form of the page was sent with; `undefined`: answer normally. */
export function chosenFault(form: string): Fault | undefined {
	return SWITCHES[Number(new URLSearchParams(form).get('switch'))]?.fault;
}

/** A page with a button for each fault; the one of `current` is pressed. */
export function faultPage(current: Fault | undefined): string {
	const buttons = SWITCHES.map(
		({ name, fault }, index) =>
			`<button name="switch" value="${index}" aria-pressed="${fault === current}">${name}</button>`,
	);
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>ITNIO TECH simulator</title>
<style>
	:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
	body { max-width: 36rem; margin: 2rem auto; padding: 0 1rem; }
	button { display: block; width: 100%; margin: 0.4rem 0; padding: 0.5rem 0.8rem; font: inherit; text-align: left; }
	[aria-pressed='true'] { font-weight: bold; outline: 2px solid #3b7ddd; }
</style>
<h1>ITNIO TECH simulator</h1>
<p>How every request is answered until you choose something else:</p>
<form method="post">
${buttons.join('\n')}
</form>
</html>
`;
}
