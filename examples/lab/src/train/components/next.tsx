/** What to do with what was trained. */
import type { VNode } from 'preact'
import { activity, file } from '../state.ts'

const NAME = 'encoder.safetensors'

export function Next(): VNode | null {
  const now = activity.value
  if (now.kind !== 'done') return null
  const name = file.value?.name ?? 'sessions.txt'
  const source = /ndjson/u.test(name) ? '--events' : '--sessions'
  return (
    <section class="findings" aria-labelledby="next">
      <h2 id="next">Now the rest</h2>
      <p class="quiet">
        Graph and ranker take a minute on a processor. Keep the file, and let the command build the model from
        it and from the same data:
      </p>
      <div class="keep">
        <a class="button" href={now.url} download={NAME} data-testid="result">
          Download {NAME}
        </a>
      </div>
      <pre class="command">
        <code>{`vitrine train ${source} ${name} --encoder-weights ${NAME} --out model`}</code>
      </pre>
    </section>
  )
}
