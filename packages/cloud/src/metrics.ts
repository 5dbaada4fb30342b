/** What the endpoint counts and times, for Prometheus. No label names a tenant, a key or a device. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The endpoint's metrics; one set a handler, so that two in a process do not mix. */
export interface Metrics {
  registry: Registry
  requests: Histogram<'method' | 'route' | 'status'>
  refusals: Counter<'code'>
  receivedBytes: Counter<'route'>
  eventsOffered: Counter
  eventsRefused: Counter<'code'>
  eventsStored: Counter
  eventsDuplicate: Counter
  eventsSkipped: Counter
  eventsErased: Counter
  eventsExported: Counter
  devicesErased: Counter
  revisionFailures: Counter<'code'>
  rolloutsHalted: Counter
}

/** Creates the metrics; each starts at 0 except those whose labels are not known yet. */
export function createMetrics(version: string): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const count = (name: string, help: string) => new Counter({ name, help, registers })
  const build = new Gauge({
    name: 'vitrine_build_info',
    help: 'Always 1; the label says which version runs.',
    labelNames: ['version'],
    registers,
  })
  build.set({ version }, 1)
  return {
    registry,
    requests: new Histogram({
      name: 'vitrine_http_request_duration_seconds',
      help: 'Time from request to response headers.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    refusals: new Counter({
      name: 'vitrine_refusals_total',
      help: 'Requests refused, by error code.',
      labelNames: ['code'],
      registers,
    }),
    receivedBytes: new Counter({
      name: 'vitrine_received_bytes_total',
      help: 'Bytes of accepted bodies as sent (compressed where they were), by route.',
      labelNames: ['route'],
      registers,
    }),
    eventsOffered: count(
      'vitrine_events_offered_total',
      'Events of batches that parsed: each is then stored, a duplicate, or refused.',
    ),
    eventsRefused: new Counter({
      name: 'vitrine_events_refused_total',
      help: 'Events of batches that parsed and were refused whole, by error code. UNAVAILABLE and RATE_LIMITED come again.',
      labelNames: ['code'],
      registers,
    }),
    eventsStored: count('vitrine_events_stored_total', 'Events stored and acknowledged.'),
    eventsDuplicate: count(
      'vitrine_events_duplicate_total',
      'Events acknowledged that were stored before: retries and overlaps.',
    ),
    eventsSkipped: count(
      'vitrine_events_skipped_total',
      'Sequence numbers jumped over: events that devices dropped at their cap, or that are still on their way.',
    ),
    eventsErased: count('vitrine_events_erased_total', 'Events deleted because their device asked for it.'),
    eventsExported: count('vitrine_events_exported_total', 'Events handed out for training.'),
    devicesErased: count('vitrine_devices_erased_total', 'Requests to erase a device.'),
    revisionFailures: new Counter({
      name: 'vitrine_revision_failures_total',
      help: 'Devices that reported that they cannot use a revision, by the code of their error.',
      labelNames: ['code'],
      registers,
    }),
    rolloutsHalted: count(
      'vitrine_rollouts_halted_total',
      'Rollouts halted because too many devices failed.',
    ),
  }
}
