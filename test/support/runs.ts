/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';

/** `FC_RUNS`: the share of all random cases, e.g. 0.05 for a quick run and 10 for a thorough one. */
const SHARE = Number(process.env.FC_RUNS ?? 1);
if (!(SHARE > 0)) throw new Error(`FC_RUNS is not a number above 0: ${process.env.FC_RUNS}`);

/** How many of `all` cases this run is to try, at least `least`. */
export const runs = (all: number, least = 1) => Math.max(least, Math.round(all * SHARE));

/** As many of the cases as this run is to try, spread over all of them. */
export const share = <T>(all: T[]) =>
	all.filter((_, index) => index % Math.ceil(all.length / runs(all.length)) === 0);

/** One of the cases in a quick run, another one for each row of a table. */
export const casesOf = <T>(cases: T[], row: number) => (SHARE < 1 ? [cases[row % cases.length]] : cases);
