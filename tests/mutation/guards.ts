/** Every guard whose test is shown to fail without it. */
import type { Guard } from './guard.ts'
import { behavior } from './guards/behavior.ts'
import { browsers } from './guards/browsers.ts'
import { endpoint } from './guards/endpoint.ts'
import { updates } from './guards/updates.ts'

export const GUARDS: readonly Guard[] = [...behavior, ...updates, ...endpoint, ...browsers]
