/** A browser without a driver, on a profile of its own, that is killed as the system kills: all at once. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, type Engine, DRIVERS } from '../../../scripts/setup/browsers.js'

/**
 * Firefox asks, restores and offers a safe mode after a crash; none of that is for a machine. For the picture on a new
 * tab it opens a page once more, with storage that it throws away: that visit would promise events, too.
 */
const FIREFOX_PREFS = `
user_pref("browser.pagethumbnails.capturing_disabled", true);
user_pref("browser.newtabpage.activity-stream.feeds.topsites", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.sessionstore.resume_from_crash", false);
user_pref("toolkit.startup.max_resumed_crashes", -1);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
`

/** A running browser. */
export interface RawBrowser {
  /** Kills the browser with all its processes; resolves when they are gone. */
  kill(): Promise<void>
}

/** Starts `browser` on `profile` with `url` as its one page. */
export async function startRawBrowser(
  engine: Engine,
  browser: Extract<Browser, { by: 'playwright' }>,
  { profile, url }: { profile: string; url: string },
): Promise<RawBrowser> {
  await mkdir(profile, { recursive: true })
  const program = browser.launch.executablePath ?? DRIVERS[engine].executablePath()
  let args: string[]
  if (engine === 'firefox') {
    await writeFile(join(profile, 'user.js'), FIREFOX_PREFS)
    args = ['--headless', '--no-remote', '--profile', profile, url]
  } else {
    args = ['--headless=new', `--user-data-dir=${profile}`, ...(browser.launch.args ?? []), url]
  }
  // A process group of its own: a browser is many processes.
  const child: ChildProcess = spawn(program, args, { detached: true, stdio: 'ignore' })
  const died = once(child, 'exit')
  const killGroup = (): void => void process.kill(-child.pid!, 'SIGKILL')
  // A test run that is stopped leaves no browser behind.
  process.once('exit', killGroup)
  return {
    async kill() {
      process.off('exit', killGroup)
      if (child.exitCode !== null) throw new Error(`the browser ended by itself, with ${child.exitCode}`)
      killGroup()
      await died
    },
  }
}
