/** How hard settings are looked for: alike for our model and for the baselines that it is compared with. */

/** Share of the sessions, the newest, that settings are chosen on. */
export const TAIL_SHARE = 0.1
/** A sample large enough to tell settings apart, small enough for a laptop. */
export const TUNING_CASES = 12_000
/** Rounds over all settings; one that changes nothing is the last. */
export const TUNING_ROUNDS = 4
/** Settings tried of a baseline, at least, where its grid has as many: our graph takes 70 to 90. */
export const FEWEST_TRIALS = 100
