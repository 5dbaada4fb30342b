/** The foot: what this shop is, its departments, and whose data it shows. */
import type { VNode } from 'preact'
import { Link } from 'wouter-preact'
import { categoryPath } from '../links.ts'
import { useCatalogue } from '../state/catalogue.ts'

/** Landmark `contentinfo`. */
export function Footer(): VNode {
  const { categories, products } = useCatalogue()
  return (
    <footer class="site-footer">
      <div class="site-footer-columns">
        <div>
          <p class="logo">Little Vitrine</p>
          <p>
            A demonstration shop with {products.length.toLocaleString('en-GB')} real products. Nothing is sold
            here. Its shelves are computed in your own browser by Vitrine, also without a network.
          </p>
        </div>
        <nav aria-label="All departments">
          <h2>Departments</h2>
          <ul>
            {categories.map(({ name, slug }) => (
              <li key={slug}>
                <Link href={categoryPath(slug)}>{name}</Link>
              </li>
            ))}
          </ul>
        </nav>
        <div>
          <h2>About the data</h2>
          <p>
            Titles, prices and the model behind the shelves come from{' '}
            <a href="https://doi.org/10.24432/C5BW33" rel="noopener noreferrer">
              Online Retail
            </a>{' '}
            (D. Chen, S. L. Sain, K. Guo, 2012), UCI Machine Learning Repository, doi 10.24432/C5BW33, used
            under{' '}
            <a href="https://creativecommons.org/licenses/by/4.0/" rel="noopener noreferrer license">
              CC BY 4.0
            </a>
            . Departments and pictures are our own.
          </p>
        </div>
      </div>
    </footer>
  )
}
