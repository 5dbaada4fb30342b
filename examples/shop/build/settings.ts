/** Vite plugin: answers /config.json in `dev` and `preview`, from the environment. */
import type { Connect, Plugin } from 'vite'

/** `SHOP_ENDPOINT`, `SHOP_KEY` and `SHOP_MODEL`; in a deployed shop the file is written beside index.html. */
export function settings(environment: NodeJS.ProcessEnv): Plugin {
  const answer: Connect.NextHandleFunction = (_request, response) => {
    const config = {
      endpoint: environment['SHOP_ENDPOINT'] ?? 'http://127.0.0.1:8787',
      key: environment['SHOP_KEY'] ?? '',
      model: environment['SHOP_MODEL'] ?? 'online-retail',
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(config))
  }
  return {
    name: 'shop-settings',
    configureServer: ({ middlewares }) => void middlewares.use('/config.json', answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use('/config.json', answer),
  }
}
