/** The catalogue, there before anything is drawn. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Catalogue } from '../catalogue.ts'

/** Provides the catalogue to the page. */
export const CatalogueContext: preact.Context<Catalogue | null> = createContext<Catalogue | null>(null)

/** The catalogue of the shop that surrounds the component. */
export function useCatalogue(): Catalogue {
  const catalogue = useContext(CatalogueContext)
  if (!catalogue)
    throw new Error('The component stands outside the shop: wrap it in CatalogueContext.Provider.')
  return catalogue
}
