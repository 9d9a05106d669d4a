// Moves the clock of the process by the milliseconds in the file E2E_CLOCK_FILE, which may change at any time.
const { readFileSync } = require('node:fs');

const RealDate = Date;
// A package of n8n sets `Date.now`, too.
const realNow = Date.now;
let shiftMs = 0;
const read = () => {
	shiftMs = Number(readFileSync(process.env.E2E_CLOCK_FILE, 'utf8')) || shiftMs;
};
const now = () => realNow() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
	apply: () => new RealDate(now()).toString(),
	construct: (target, args, newTarget) =>
		Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
	get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
read();
setInterval(read, 20).unref();
