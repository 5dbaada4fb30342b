/** The worker: starts an engine from its file, and encodes histories one after the other. */
addEventListener('message', ({ data }) => {
  void answer(data)
})

async function answer({ engine, files, histories, ...options }) {
  try {
    const { createEngine } = await import(engine)
    const artifacts = new Map()
    for (const [role, url] of Object.entries(files)) {
      const response = await fetch(url)
      artifacts.set(role, new Uint8Array(await response.arrayBuffer()))
    }
    const passedOver = []
    const onFallback = (device, reason) => passedOver.push(`${device}: ${reason}`)
    const running = await createEngine(artifacts, { ...options, onFallback })
    const queries = []
    for (const history of histories) {
      const query = new Float32Array(options.dimension)
      await running.encode(history, query)
      queries.push(Array.from(query))
    }
    const { device } = running
    running.dispose()
    postMessage({ device, passedOver, queries })
  } catch (error) {
    postMessage({ error: `${error.code} ${error.message}` })
  }
}
