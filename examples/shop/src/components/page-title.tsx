/** A page's heading, which names the document too and takes the focus after navigation. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect } from 'preact/hooks'

/** The page's one `h1`. `title` goes into the window's title; `children` are shown, else `title`. */
export function PageTitle({
  title,
  testId,
  children,
}: {
  title: string
  testId?: string
  children?: ComponentChildren
}): VNode {
  useEffect(() => {
    document.title = title === '' ? 'Little Vitrine' : `${title} · Little Vitrine`
  }, [title])
  return (
    <h1 tabIndex={-1} data-testid={testId}>
      {children ?? title}
    </h1>
  )
}
