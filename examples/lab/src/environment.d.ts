/** What Vite puts in place as it builds. */

/** The compiled read limit, as base64. */
declare const READ_LIMIT: string

declare module '*?worker&url' {
  const url: string
  export default url
}
