/** Vite: the address of a file that is copied beside the page. */
declare module '*?url' {
  const url: string
  // oxlint-disable-next-line import/no-default-export -- That is how Vite says it.
  export default url
}
