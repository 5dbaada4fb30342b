/** A shop as a visitor finds it: static pages under a strict policy and an endpoint, each behind a fault proxy. */
import { join } from 'node:path'
import { ROOT } from '../../../scripts/run-command.js'
import { newestRevision } from '../../../scripts/serving/model.js'
import { startStaticServer, strictPolicy } from '../../../scripts/serving/static-server.js'
import type { Edge, Tenant } from './edge.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { SDK } from './sdk.ts'

/** The page of `tests/e2e/storefront` and the SDK as it is published. */
export const storefrontFolders = {
  '/': join(ROOT, 'tests', 'e2e', 'storefront'),
  '/sdk/': SDK,
}

/** An open shop. */
export interface Shop {
  /** Address of the shop, without a slash at the end. */
  url: string
  /** Between browser and shop. */
  front: FaultProxy
  /** Between browser and endpoint. */
  edge: FaultProxy
  tenant: Tenant
  /** The revision that is published there when the shop opens. */
  revision: string
  /** What browsers reported that the policy stopped. */
  violations: string[]
  close(): Promise<void>
}

/** What a page has to know of its endpoint. */
export interface Settings {
  endpoint: string
  key: string
  model: string
}

/** What to serve. */
export interface ShopOptions {
  /** URL prefix to folder. */
  folders: Readonly<Record<string, string>>
  /** Answer unknown paths with the page at `/`. */
  singlePage?: boolean
  /** JSON or HTML to serve by path, in place of files; made with what the page has to know. */
  documents?: (settings: Settings) => Readonly<Record<string, object | string>>
  /** The policy for a page that calls `endpoint`; the strictest one where missing. */
  policy?: (endpoint: string) => string
  /** Folder of the revision to publish; the newest committed one where missing. */
  model?: string
  /** Its devices have to prove who they are. */
  needsToken?: boolean
}

/** Opens a shop of its own tenant and publishes a model to it. */
export async function openShop(edge: Edge, options: ShopOptions): Promise<Shop> {
  const { folders, singlePage = false, policy = (endpoint) => strictPolicy([endpoint]) } = options
  const revision = newestRevision()
  const edgeProxy = await startFaultProxy(() => edge.url)
  let upstream = ''
  const front = await startFaultProxy(() => upstream)
  const tenant = await edge.newTenant(front.url, { needsToken: options.needsToken ?? false })
  const settings: Settings = { endpoint: edgeProxy.url, key: tenant.key, model: revision.id }
  const pages = await startStaticServer({
    folders,
    singlePage,
    policy: policy(edgeProxy.url),
    documents: { '/config.json': settings, ...options.documents?.(settings) },
  })
  upstream = pages.url
  await tenant.publish(options.model ?? revision.folder)
  return {
    url: front.url,
    front,
    edge: edgeProxy,
    tenant,
    revision: revision.revision,
    violations: pages.violations,
    async close() {
      await Promise.all([front.close(), edgeProxy.close(), pages.close()])
    },
  }
}
