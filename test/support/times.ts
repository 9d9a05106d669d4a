/** The present of the tests, a Friday, 16:00 in Singapore. */
export const NOW_MS = Date.parse('2026-11-20T08:00:00Z');
export const NOW_S = NOW_MS / 1000;

export const MINUTE_S = 60;
export const HOUR_S = 60 * MINUTE_S;
export const DAY_S = 24 * HOUR_S;

export const MINUTE_MS = 1000 * MINUTE_S;
export const HOUR_MS = 1000 * HOUR_S;
export const DAY_MS = 1000 * DAY_S;
