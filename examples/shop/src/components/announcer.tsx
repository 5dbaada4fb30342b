/** Says aloud, to screen readers, what changed without the focus moving. */
import type { VNode } from 'preact'
import { type Signal, signal } from '@preact/signals'

const message: Signal<string> = signal('')

/** Announces `text` politely, after what is being read. */
export function announce(text: string): void {
  message.value = text
}

/** The live region; one for the whole shop. */
export function Announcer(): VNode {
  return (
    <p class="visually-hidden" aria-live="polite">
      {message.value}
    </p>
  )
}
