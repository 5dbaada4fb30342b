/** Runs engines in a worker of their own, as the SDK does, and answers with their queries. */
const { trustedTypes } = globalThis
const policy = trustedTypes?.createPolicy('shop', { createScriptURL: (url) => url })

window.encode = (request) =>
  new Promise((resolve, reject) => {
    const url = '/encode.js'
    const worker = new Worker(policy?.createScriptURL(url) ?? url, { type: 'module' })
    const settle = (answer) => {
      worker.terminate()
      if (answer.error) reject(new Error(answer.error))
      else resolve(answer)
    }
    worker.addEventListener('message', ({ data }) => settle(data))
    worker.addEventListener('error', ({ message }) => settle({ error: message || 'encode.js did not load' }))
    worker.postMessage(request)
  })
