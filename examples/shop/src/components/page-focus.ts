/** Moves focus and scroll to a new page's heading, as a full page load would. */
import { useEffect, useRef } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter-preact'

/** Focuses the first heading whenever the page changes; back and forward keep the browser's scroll position. */
export function usePageFocus(): void {
  const [path] = useLocation()
  const [parameters] = useSearchParams()
  // Another search is another page; another order or part of a list is not.
  const page = `${path}?${parameters.get('q') ?? ''}`
  const shown = useRef(page)
  const isBack = useRef(false)
  useEffect(() => {
    const onPopState = (): void => {
      isBack.current = true
    }
    addEventListener('popstate', onPopState)
    return () => removeEventListener('popstate', onPopState)
  }, [])
  useEffect(() => {
    if (shown.current === page) return
    shown.current = page
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
    if (!isBack.current) scrollTo(0, 0)
    isBack.current = false
  }, [page])
}
