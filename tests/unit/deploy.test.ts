/** What is in deploy/ is what Kubernetes, Prometheus and Grafana take, and fits the endpoint that there is. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parser } from '@prometheus-io/lezer-promql'
import { createMetrics } from '@vitrine/cloud'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler'
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { Service } from 'kubernetes-models/v1/Service'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const FOLDER = join(import.meta.dirname, '..', '..', 'deploy')
const read = (path: string): unknown => parse(readFileSync(join(FOLDER, path), 'utf8'))
const manifest = (name: string): unknown => read(join('kubernetes', name))

type Fields<T extends abstract new (...args: never[]) => unknown> = NonNullable<ConstructorParameters<T>[0]>
const deployment = manifest('deployment.yaml') as Fields<typeof Deployment>
const service = manifest('service.yaml') as Fields<typeof Service>
const ingress = manifest('ingress.yaml') as Fields<typeof Ingress>
const autoscaler = manifest('autoscaler.yaml') as Fields<typeof HorizontalPodAutoscaler>
const budget = manifest('disruption-budget.yaml') as Fields<typeof PodDisruptionBudget>

describe('the Kubernetes manifests', () => {
  it.each([
    ['deployment', () => new Deployment(deployment)],
    ['service', () => new Service(service)],
    ['ingress', () => new Ingress(ingress)],
    ['autoscaler', () => new HorizontalPodAutoscaler(autoscaler)],
    ['disruption budget', () => new PodDisruptionBudget(budget)],
  ])('keep to the schema: %s', (_, create) => {
    const resource = create()
    expect(() => resource.validate()).not.toThrow()
    // The validator sees what is wrong.
    const spoilt = Object.assign(create(), { spec: 'none' })
    expect(() => spoilt.validate()).toThrow(/spec/u)
  })

  it('refuses a wrong field of a container', () => {
    const spoilt = structuredClone(deployment)
    Object.assign(spoilt.spec!.template.spec!.containers[0]!, { ports: [{ containerPort: 'http' }] })
    expect(() => new Deployment(spoilt).validate()).toThrow(/containerPort/u)
  })

  it('fit each other', () => {
    const labels = deployment.spec!.template.metadata!.labels
    const container = deployment.spec!.template.spec!.containers[0]!
    expect(deployment.spec!.selector.matchLabels).toEqual(labels)
    expect(service.spec!.selector).toEqual(labels)
    expect(budget.spec!.selector!.matchLabels).toEqual(labels)
    expect(deployment.spec!.replicas).toBe(3)
    expect(Number(budget.spec!.minAvailable)).toBeLessThan(3)
    expect(autoscaler.spec.minReplicas).toBe(3)
    expect(autoscaler.spec.scaleTargetRef).toMatchObject({
      kind: 'Deployment',
      name: deployment.metadata!.name,
    })
    const [port] = container.ports!
    expect(service.spec!.ports![0]!.targetPort).toBe(port!.name)
    expect(container.args).toContain(String(port!.containerPort))
    const grace = deployment.spec!.template.spec!.terminationGracePeriodSeconds!
    expect(grace).toBeGreaterThan(5 + 10)
    const { resources } = read(join('kubernetes', 'kustomization.yaml')) as { resources: string[] }
    const files = readdirSync(join(FOLDER, 'kubernetes')).filter((name) => name !== 'kustomization.yaml')
    expect(resources.toSorted()).toEqual(files.toSorted())
  })

  it('let no request from outside reach metrics', () => {
    const paths = ingress.spec!.rules!.flatMap(({ http }) => http!.paths.map(({ path }) => path))
    expect(paths).toEqual(['/v1', '/widget'])
  })
})

/** Names of metrics in an expression, which has to parse. */
function metricsIn(expression: string): string[] {
  // What Grafana fills in.
  const text = expression.replaceAll('$__rate_interval', '5m')
  const names: string[] = []
  parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`${expression} does not parse`)
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') {
        names.push(text.slice(node.from, node.to))
      }
    },
  })
  return names
}

/** What the endpoint shows: its own, and those of its process (prom-client's defaults). */
const KNOWN = new Set([
  ...createMetrics('0')
    .registry.getMetricsAsArray()
    .flatMap(({ name }) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]),
  'nodejs_eventloop_lag_p99_seconds',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
])

interface Rule {
  alert?: string
  record?: string
  expr: string
  annotations?: { summary?: string; action?: string }
}

describe('the Prometheus rules', () => {
  const { groups } = read('prometheus-rules.yaml') as { groups: { rules: Rule[] }[] }
  const rules = groups.flatMap((group) => group.rules)
  const recorded = rules.flatMap(({ record }) => record ?? [])

  it.each(rules.map((rule) => [rule.alert ?? rule.record, rule] as const))(
    '%s parses, and asks for metrics that there are',
    (_, { expr }) => {
      const names = metricsIn(expr)
      expect(names.length).toBeGreaterThan(0)
      for (const name of names) expect([...KNOWN, ...recorded]).toContain(name)
    },
  )

  it('say what happened and what to do', () => {
    for (const { alert, annotations } of rules.filter((rule) => rule.alert !== undefined)) {
      expect({ alert, ...annotations }).toMatchObject({
        summary: expect.any(String) as string,
        action: expect.any(String) as string,
      })
    }
  })

  it('would not parse if they were wrong', () => {
    expect(() => metricsIn('sum(rate(vitrine_events_stored_total[5m])')).toThrow(/does not parse/u)
  })
})

describe('the Grafana dashboard', () => {
  const { panels } = read('grafana-dashboard.json') as {
    panels: { id: number; title: string; targets: { expr: string }[] }[]
  }

  it.each(panels.map(({ title, targets }) => [title, targets] as const))(
    '%s asks for metrics that there are',
    (_, targets) => {
      for (const { expr } of targets) for (const name of metricsIn(expr)) expect(KNOWN).toContain(name)
    },
  )

  it('shows each metric of the endpoint somewhere, or the rules watch it', () => {
    const { groups } = read('prometheus-rules.yaml') as { groups: { rules: Rule[] }[] }
    const text = JSON.stringify([panels, groups])
    for (const { name } of createMetrics('0').registry.getMetricsAsArray()) expect(text).toContain(name)
  })
})
