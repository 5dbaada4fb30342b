/** A person in a browser: the few things a scenario does, the same in every engine. */
import type { Engine } from '../../../scripts/setup/browsers.js'

/** What can be sent into a page and comes back from it. */
export type Plain = string | number | boolean | null | undefined | Plain[] | { [key: string]: Plain }

/** Longest wait for something a page does by itself, in milliseconds. */
export const PATIENCE = 20_000

/**
 * One browser with empty storage and one window. Selectors are CSS and look into open shadow roots; an
 * element is the first that matches.
 */
export interface Visitor {
  readonly engine: Engine
  /** Navigates, and waits until the document and what it loads are there. */
  open(url: string): Promise<void>
  reload(): Promise<void>
  /** Runs `inPage(argument)` in the page; it sees nothing of the test's scope. */
  evaluate<T extends Plain | void, A extends Plain = undefined>(
    inPage: (argument: A) => T | Promise<T>,
    argument?: A,
  ): Promise<T>
  /** Asks `inPage(argument)` again and again until it answers with something truthy, and returns that. */
  waitFor<T extends Plain, A extends Plain = undefined>(
    what: string,
    inPage: (argument: A) => T | Promise<T>,
    argument?: A,
  ): Promise<NonNullable<T>>
  /** Clicks like a person: scrolled into view, at the middle of the element. Waits for it to be there. */
  click(selector: string): Promise<void>
  /** Text as rendered; waits for the element to be there. */
  text(selector: string): Promise<string>
  /** PNG of the window. */
  screenshot(): Promise<Buffer>
  /** Another tab of the same browser, on the same storage; missing where the driver has but one. */
  openTab?(): Promise<Visitor>
  /** Leaves an origin so many bytes on disk, or as many as usual; missing where the driver cannot. */
  limitStorage?(origin: string, bytes: number | undefined): Promise<void>
}

/** Finds the first element matching `selector`, also inside open shadow roots. Runs in the page. */
export function findDeep(selector: string): Element | null {
  const look = (root: Document | ShadowRoot): Element | null => {
    const found = root.querySelector(selector)
    if (found) return found
    for (const element of root.querySelectorAll('*')) {
      const inside = element.shadowRoot && look(element.shadowRoot)
      if (inside) return inside
    }
    return null
  }
  return look(document)
}

/**
 * Polls `ask` until it answers with something truthy.
 *
 * @throws `Error` naming `what`, and the last refusal, after {@link PATIENCE}.
 */
export async function poll<T>(what: string, ask: () => Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + PATIENCE
  let refusal: unknown
  while (Date.now() < deadline) {
    try {
      const answer = await ask()
      if (answer) return answer
      refusal = undefined
    } catch (error) {
      // A page in the middle of a navigation refuses; the reason is kept for when that does not pass.
      refusal = error
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`Waited ${PATIENCE} ms in vain for ${what}.`, { cause: refusal })
}
