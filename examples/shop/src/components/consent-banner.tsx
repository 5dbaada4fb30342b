/** Asks once whether behaviour may be remembered; until then nothing is. */
import type { VNode } from 'preact'
import { answerConsent, consent } from '../state/consent.ts'

/** Shown until it is answered. */
export function ConsentBanner(): VNode | null {
  if (consent.value !== undefined) return null
  return (
    <section class="consent" aria-label="Your choice on personal shelves">
      <p>
        <strong>Shelves that know your taste?</strong> What you look at would be remembered in this browser
        and sent to the shop under a random number, to improve its shelves. Without it they still work, and
        forget you when you close the page.
      </p>
      <div class="consent-buttons">
        <button
          type="button"
          class="button quiet"
          data-testid="consent-decline"
          onClick={() => answerConsent('denied')}
        >
          Decline
        </button>
        <button
          type="button"
          class="button"
          data-testid="consent-accept"
          onClick={() => answerConsent('granted')}
        >
          Accept
        </button>
      </div>
    </section>
  )
}
