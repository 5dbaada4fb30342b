/** What the build adds to the page: stylesheets, fonts and the catalogue's address. */
declare module '*.css'
declare module '*.woff2' {
  const url: string
  export default url
}
declare module 'virtual:catalogue-url' {
  const url: string
  export default url
}
interface ImportMeta {
  readonly env: { readonly PROD: boolean }
}
