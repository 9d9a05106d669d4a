/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a test tool, not shipped */
import process from 'node:process';
import fc from 'fast-check';

// `FC_SEED` repeats the random cases of a run, e.g. of one that failed.
const { FC_SEED } = process.env;
if (FC_SEED) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(FC_SEED) });
