/**
 * The twelve promises of docs/promises.md in short, and what a trial of each is. Tests count other things beside it,
 * each under its own name; only what is counted under this one is a trial in the promise's row.
 */

/** @type {Readonly<Record<number, { promise: string, trial: string }>>} */
export const PROMISES = {
  1: { promise: 'tracked is durable, whatever crashes', trial: 'kills of a whole browser' },
  2: { promise: 'delivered exactly once', trial: 'crashes at named points' },
  3: { promise: 'the protocol matches its model', trial: 'steps of the state machine' },
  4: { promise: 'the endpoint’s acknowledgement is durable', trial: 'kills of the server or its database' },
  5: { promise: 'an outage is survived politely', trial: 'devices that come back at once' },
  6: { promise: 'the host page is never harmed', trial: 'broken storages and clocks' },
  7: { promise: 'a bad model never runs', trial: 'mutants of a model' },
  8: { promise: 'updates are atomic', trial: 'kills during an update' },
  9: { promise: 'rollouts go by cohort, and halt', trial: 'answers to devices of a rollout' },
  10: { promise: 'without consent nothing is kept or sent', trial: 'kills during an erasure' },
  11: { promise: 'tenants and devices are isolated', trial: 'requests that must be refused' },
  12: { promise: 'every event is accounted for', trial: 'comparisons of the sums' },
}
