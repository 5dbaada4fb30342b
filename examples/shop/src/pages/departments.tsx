/** Every department. */
import type { VNode } from 'preact'
import { Breadcrumbs } from '../components/breadcrumbs.tsx'
import { Departments } from '../components/departments.tsx'
import { PageTitle } from '../components/page-title.tsx'

/** Route `/departments`. */
export function DepartmentsPage(): VNode {
  return (
    <>
      <Breadcrumbs crumbs={[{ name: 'Departments' }]} />
      <PageTitle title="Departments" />
      <Departments />
    </>
  )
}
