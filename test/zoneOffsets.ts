import { IANAZone } from 'luxon';

/** Zones change at whole quarters of an hour, since 1972 everywhere. */
const QUARTER_MS = 15 * 60_000;
const SINCE_MS = Date.UTC(1972, 0);

const { offset } = IANAZone.prototype;
const byZone = new Map<string, Map<number, number>>();

/** Asks `Intl` for the offset of a quarter of an hour once: it takes a twentieth of all that the tests do. */
IANAZone.prototype.offset = function (ms) {
	if (!(ms >= SINCE_MS)) return offset.call(this, ms);
	let offsets = byZone.get(this.name);
	if (!offsets) byZone.set(this.name, (offsets = new Map<number, number>()));
	const quarter = Math.floor(ms / QUARTER_MS);
	const known = offsets.get(quarter) ?? offset.call(this, quarter * QUARTER_MS);
	offsets.set(quarter, known);
	return known;
};
