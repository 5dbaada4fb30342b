/** What the build adds to the page. */
declare module '*.css'
interface ImportMeta {
  readonly env: { readonly PROD: boolean }
}
