/** The SDK that scenarios run on: as it is published, or as `pnpm run mutation` built it without one of its guards. */
import { join } from 'node:path'
import { ROOT } from '../../../scripts/run-command.js'

/** Folder. */
export const SDK: string = process.env['VITRINE_SDK'] ?? join(ROOT, 'packages', 'sdk', 'dist')
