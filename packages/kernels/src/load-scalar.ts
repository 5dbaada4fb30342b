/** Loads the scalar device from where it lies. */
import type { ScalarModule } from './create.ts'

/** In a browser's own build a file of its own, beside the worker. */
export const loadScalarModule = (): Promise<ScalarModule> => import('./scalar.ts')
