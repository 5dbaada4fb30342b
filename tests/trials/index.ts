/** What fault tests share: how much they try, from which seed, and how they hand over what they counted. */
export { type Figures, report } from './figures.ts'
export { seed, trials } from './amounts.ts'
export { seeded } from './random.ts'
