/** Why a number is not called. */
export const DRY_RUN = 'Dry run: nobody was called';
export const REPEATED = 'The same number comes earlier in this run';
