/** Moves focus and scroll to a new page's heading, as a full page load would. */
import { useEffect, useRef } from 'preact/hooks'
import { useLocation } from 'wouter-preact'

/** Focuses the first heading whenever the path changes; back and forward keep the browser's scroll position. */
export function usePageFocus(): void {
  const [path] = useLocation()
  const shown = useRef(path)
  const isBack = useRef(false)
  useEffect(() => {
    const onPopState = (): void => {
      isBack.current = true
    }
    addEventListener('popstate', onPopState)
    return () => removeEventListener('popstate', onPopState)
  }, [])
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
    if (!isBack.current) scrollTo(0, 0)
    isBack.current = false
  }, [path])
}
