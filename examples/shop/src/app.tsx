/** The frame around every page, and which page an address shows. */
import type { VNode } from 'preact'
import { Route, Switch } from 'wouter-preact'
import { Announcer } from './components/announcer.tsx'
import { ConsentBanner } from './components/consent-banner.tsx'
import { Footer } from './components/footer.tsx'
import { Header } from './components/header.tsx'
import { Inspector } from './components/inspector.tsx'
import { usePageFocus } from './components/page-focus.ts'
import { CartPage } from './pages/cart.tsx'
import { CategoryPage } from './pages/category.tsx'
import { CheckoutPage } from './pages/checkout.tsx'
import { DepartmentsPage } from './pages/departments.tsx'
import { HomePage } from './pages/home.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { ProductPage } from './pages/product.tsx'
import { SearchPage } from './pages/search.tsx'

/** The whole shop. */
export function App(): VNode {
  usePageFocus()
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Switch>
          <Route path="/" component={HomePage} />
          <Route path="/category/:slug">{({ slug }) => <CategoryPage key={slug} slug={slug} />}</Route>
          <Route path="/product/:id">{({ id }) => <ProductPage key={id} id={id} />}</Route>
          <Route path="/departments" component={DepartmentsPage} />
          <Route path="/search" component={SearchPage} />
          <Route path="/basket" component={CartPage} />
          <Route path="/checkout" component={CheckoutPage} />
          <Route component={NotFoundPage} />
        </Switch>
      </main>
      <Footer />
      <ConsentBanner />
      <Inspector />
      <Announcer />
    </>
  )
}
