/** What to take along: the figures as JSON, and a link that puts them beside somebody else's. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { browser, isRunning, rows } from '../state.ts'
import { encodeResult } from '../share.ts'

function link(): string {
  return `${location.origin}${location.pathname}${encodeResult(browser, rows.value)}`
}

function download(): void {
  const lines = rows.value.map((row) => `${JSON.stringify(row)}\n`)
  const url = URL.createObjectURL(new Blob(lines, { type: 'application/json' }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = 'vitrine-lab.json'
  anchor.click()
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

export function Keep(): VNode {
  const [said, setSaid] = useState('')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link())
      setSaid('Copied: opened in another browser, it shows these figures beside its own.')
    } catch (error) {
      // Not every browser lets a page do so, and then the link is there to be copied by hand.
      setSaid(
        `This browser keeps its clipboard to itself (${String(error)}); copy the link’s address instead.`,
      )
    }
  }

  return (
    <div class="keep">
      <button
        type="button"
        class="plain"
        disabled={isRunning.value}
        onClick={download}
        data-testid="download"
      >
        Download the figures
      </button>
      <button type="button" class="plain" disabled={isRunning.value} onClick={() => void copy()}>
        Copy a link to compare
      </button>
      <a href={link()} data-testid="link">
        The link itself
      </a>
      <p role="status" class="quiet">
        {said}
      </p>
    </div>
  )
}
