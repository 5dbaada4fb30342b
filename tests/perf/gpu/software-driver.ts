/** SwiftShader, the software GPU that Chromium brings along: enough to see that a shader computes right. */
import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { browsersOf, DRIVERS } from '../../../scripts/setup/browsers.js'

const MANIFEST = 'vk_swiftshader_icd.json'

/** Path of its Vulkan manifest; undefined where no Chromium of this machine has it. */
export function softwareDriver(): string | undefined {
  const programs = browsersOf('chromium').flatMap((browser) =>
    browser.by === 'playwright' ? [browser.launch.executablePath ?? DRIVERS.chromium.executablePath()] : [],
  )
  const folders = programs
    .filter((program) => existsSync(program))
    // Distributions put a script among the programs, and the browser among the libraries.
    .flatMap((program) => [
      dirname(realpathSync(program)),
      join(dirname(program), '..', 'lib', basename(program)),
    ])
  return folders.map((folder) => join(folder, MANIFEST)).find((file) => existsSync(file))
}
