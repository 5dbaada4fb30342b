/** The part of pino's logger that the endpoint writes to; anything of this shape will do. */

/** Structured log: fields first, then a sentence that is always the same for the same thing. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Writes nothing. */
export const silentLogger: Logger = { info: ignore, warn: ignore, error: ignore }

function ignore(): void {
  // A log that nobody asked for.
}
