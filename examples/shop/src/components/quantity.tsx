/** A stepper for quantities. */
import type { VNode } from 'preact'
import { MAX_QUANTITY } from '../cart.ts'

/** `label` says of what, for screen readers. */
export function Quantity({
  value,
  label,
  onChange,
}: {
  value: number
  label: string
  onChange: (quantity: number) => void
}): VNode {
  const change = (quantity: number): void =>
    onChange(Math.max(1, Math.min(MAX_QUANTITY, Math.round(quantity) || 1)))
  return (
    <div class="quantity" role="group" aria-label={label}>
      <button type="button" aria-label="One less" disabled={value <= 1} onClick={() => change(value - 1)}>
        −
      </button>
      <input
        type="number"
        aria-label="Quantity"
        min={1}
        max={MAX_QUANTITY}
        value={value}
        onChange={(event) => change(event.currentTarget.valueAsNumber)}
      />
      <button
        type="button"
        aria-label="One more"
        disabled={value >= MAX_QUANTITY}
        onClick={() => change(value + 1)}
      >
        +
      </button>
    </div>
  )
}
