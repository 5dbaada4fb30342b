/** `GET|HEAD /widget/*`: scripts for pages of other origins. */
import { Hono } from 'hono'
import { VitrineError } from '@vitrine/contracts'
import type { FindAsset } from '../assets/assets.ts'
import { openCors } from '../auth/cors.ts'
import type { HandlerEnv } from '../context.ts'
import { chooseEncoding, matchesEtag } from '../negotiation.ts'

/** Names stay while contents change with a release: browsers ask again after five minutes. */
const BRIEFLY = 'public, max-age=300, stale-while-revalidate=86400'

/** The route of static files. */
export function assetRoutes(findAsset: FindAsset): Hono<HandlerEnv> {
  const routes = new Hono<HandlerEnv>()
  routes.use('/*', openCors())
  routes.get('/:path{.+}', async (c) => {
    const asset = await findAsset(c.req.param('path'))
    if (!asset) throw new VitrineError('NOT_FOUND', 'there is no such file')
    const encoding = chooseEncoding(c.req.header('accept-encoding'), asset.encoded)
    const etag = encoding ? `"${asset.tag}-${encoding}"` : `"${asset.tag}"`
    const headers = { 'Cache-Control': BRIEFLY, ETag: etag, Vary: 'Accept-Encoding' }
    if (matchesEtag(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers)
    const content = (encoding && asset.encoded[encoding]) ?? asset.content
    return c.body(content, 200, {
      ...headers,
      'Content-Type': asset.contentType,
      'Content-Length': String(content.byteLength),
      ...(encoding && { 'Content-Encoding': encoding }),
    })
  })
  return routes
}
