/** Lets errors keep their code on the way from worker to page; comlink alone carries name, message and stack. */
import { type ErrorCode, VitrineError } from '@vitrine/contracts'
import { type TransferHandler, transferHandlers } from 'comlink'
import { isCoded } from '../coded.ts'

/** What comlink wraps a thrown value in. */
interface Thrown {
  value: unknown
}

/** A thrown value on the wire. */
type Wire =
  | { kind: 'vitrine'; code: ErrorCode; message: string; stack?: string | undefined; cause?: Wire }
  | { kind: 'error'; name: string; message: string; stack?: string | undefined }
  | { kind: 'value'; value: unknown }

/** Lets the worker's errors pass as they are. The worker calls it before its first message. */
export function sendErrors(): void {
  install(toWire)
}

/** The page's side: its own errors stay with it, and pass as text. It calls this before its first message. */
export function receiveErrors(): void {
  install((value) => ({ kind: 'value', value: String(value) }))
}

/** Takes the place of comlink's own handler of thrown values. */
function install(write: (value: unknown) => Wire): void {
  const own = transferHandlers.get('throw')!
  const handler: TransferHandler<Thrown, Wire> = {
    // comlink keeps the marker of thrown values to itself: its own handler knows them.
    canHandle: (value): value is Thrown => own.canHandle(value),
    serialize: ({ value }) => [write(value), []],
    deserialize: (wire) => {
      throw fromWire(wire)
    },
  }
  transferHandlers.set('throw', handler)
}

function toWire(value: unknown): Wire {
  if (isCoded(value)) {
    const { code, message, stack, cause } = value
    return { kind: 'vitrine', code, message, stack, ...(cause instanceof Error && { cause: toWire(cause) }) }
  }
  if (value instanceof Error) {
    const { name, message, stack } = value
    return { kind: 'error', name, message, stack }
  }
  return { kind: 'value', value: String(value) }
}

function fromWire(wire: Wire): unknown {
  if (wire.kind === 'value') return wire.value
  const { message, stack } = wire
  const error =
    wire.kind === 'vitrine'
      ? new VitrineError(wire.code, message, wire.cause && { cause: fromWire(wire.cause) })
      : Object.assign(new Error(message), { name: wire.name })
  if (stack !== undefined) error.stack = stack
  return error
}
