/** A loaded model: artifacts read and checked against each other, the catalogue's table in a kernel. */
import { type ArtifactRole, type Manifest, type Reason, VitrineError, artifactOf } from '@vitrine/contracts'
import {
  type KernelDevice,
  type Query,
  type ScalarModule,
  type TopKResult,
  createDense,
} from '@vitrine/kernels'
import { corrupt } from './bytes.ts'
import { type Catalogue, readCatalogue } from './catalogue.ts'
import { type EmbeddingRows, type Embeddings, readEmbeddings } from './embeddings.ts'
import { type Encoder, layerOf, readEncoder } from './encoder.ts'
import { type InferenceEngine, createBuiltInEngine } from './engine.ts'
import type { Context, EvidenceRows } from './features.ts'
import { type Graph, readGraph } from './graph.ts'
import type { HistoryEvent } from './history.ts'
import type { ApartRecipe } from './placements.ts'
import { type Reranker, foldNormalization, readReranker, unknownOf } from './reranker.ts'
import { type Scan, type ScanOptions, createScan } from './scan.ts'
import { type Statistics, readStatistics } from './statistics.ts'
import { Workspace } from './workspace.ts'

/** Element type of a model's tables. */
export type Precision = 'int8' | 'fp32'

/** How to load a model. */
export interface LoadOptions extends Pick<ScanOptions, 'devices' | 'loadWebGpu' | 'onFallback' | 'place'> {
  /** Loads plain JavaScript, where it is a file of its own; the module itself where missing. */
  loadScalar?: (() => Promise<ScalarModule>) | undefined
  /** `fp32` reads the float32 twin that training writes aside; int8 where missing. */
  precision?: Precision
  /**
   * Starts the engine that the manifest names, see `startEngine`; a model that names none never asks. Where this
   * is missing or finds none, the built-in encoder serves.
   */
  startEngine?: (
    evidence: Pick<EvidenceRows, 'encoder' | 'embeddings'>,
  ) => Promise<InferenceEngine | undefined>
  /**
   * True where these very artifacts passed `selfTest` on this device before: single values are not checked again,
   * and what no list needs yet is read when one does. The first list comes several times sooner.
   */
  tested?: boolean
  /** Loads the code that not every page or model needs; the modules themselves where missing. */
  loadShelves?: () => Promise<ShelvesModule>
  signal?: AbortSignal
}

/** An item of a shelf, best first. */
export interface ShelfItem {
  readonly item: number
  readonly score: number
  readonly reasons: Reason[]
}

/** What is asked of a shelf. */
export interface ShelfRequest {
  /** Oldest first. */
  readonly history: readonly HistoryEvent[]
  /** Item index. */
  readonly anchor: number | undefined
  readonly k: number
  /** `[N]`, 0 = may be listed. */
  readonly mask: Uint8Array | undefined
}

/** Code of the shelves that go by long history, by likeness or by trend, and of rankers that read more than others. */
export interface ShelvesModule {
  /** Fills a shelf. */
  fillShelf: (
    model: Model,
    recipe: ApartRecipe,
    request: ShelfRequest,
    work: Workspace,
  ) => Promise<ShelfItem[]>
  /** Computes what only some rankers read. */
  contextOf: (catalogue: Catalogue) => Context
}

/** What a model consists of, as read from its artifacts. */
export interface ModelParts extends EvidenceRows {
  readonly catalogue: Catalogue
  readonly reranker: Reranker
}

/** The same before a kernel has the embeddings. */
interface StoredParts extends Omit<ModelParts, 'reranker'> {
  readonly embeddings: Embeddings
}

/** A model that is ready to rank. Calls may overlap. */
export class Model implements ModelParts {
  readonly manifest: Manifest
  readonly catalogue: Catalogue
  readonly graph: Graph
  readonly embeddings: EmbeddingRows
  readonly encoder: Encoder
  readonly statistics: Statistics
  readonly reranker: Reranker
  /** Only of a ranker that reads it. */
  readonly context: Context | undefined
  /** What `selfTest` compares with, as `readGolden` reads it. */
  readonly golden: Uint8Array
  /** Computes query embeddings. */
  readonly engine: InferenceEngine
  /** Loads the code of the shelves that not every page has; the module beside this one where missing. */
  readonly loadShelves: LoadOptions['loadShelves']
  readonly #scan: Scan
  readonly #idle: Workspace[] = []
  #isDisposed = false

  constructor(
    manifest: Manifest,
    parts: ModelParts,
    golden: Uint8Array,
    { scan, engine, loadShelves }: { scan: Scan; engine: InferenceEngine } & Pick<LoadOptions, 'loadShelves'>,
  ) {
    this.manifest = manifest
    this.catalogue = parts.catalogue
    this.graph = parts.graph
    this.embeddings = parts.embeddings
    this.encoder = parts.encoder
    this.statistics = parts.statistics
    this.reranker = parts.reranker
    this.context = parts.context
    this.golden = golden
    this.engine = engine
    this.loadShelves = loadShelves
    this.#scan = scan
  }

  /** Device that scans the catalogue. */
  get device(): KernelDevice {
    return this.#scan.device
  }

  /** Searches the catalogue's table; its bias is the popularity prior. */
  search(query: Query): Promise<TopKResult> {
    this.#assertLive()
    return this.#scan.search(query)
  }

  /**
   * Writes the query embedding of `history` (item indices, oldest first, at least one) into `query` `[d]`, and
   * returns no promise where it is done at once.
   */
  encode(history: ArrayLike<number>, query: Float32Array): void | Promise<void> {
    return this.engine.encode(history, query)
  }

  /** Runs `work` with scratch memory that no other call uses meanwhile. */
  async withWorkspace<T>(work: (workspace: Workspace) => Promise<T>): Promise<T> {
    this.#assertLive()
    const { count, dimension } = this.embeddings
    const workspace = this.#idle.pop() ?? new Workspace(count, dimension)
    try {
      return await work(workspace)
    } finally {
      this.#idle.push(workspace)
    }
  }

  /** Frees the memory of kernel and engine. Calls after this throw `DISPOSED`. */
  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#idle.length = 0
    this.engine.dispose()
    this.#scan.dispose()
  }

  #assertLive(): void {
    if (this.#isDisposed) {
      throw new VitrineError('DISPOSED', `Model ${this.manifest.revision} was disposed: load it again.`)
    }
  }
}

/**
 * Reads and checks `artifacts` and hands the embeddings to a kernel. Hashes are the caller's to check.
 *
 * @throws `VitrineError` with `ARTIFACT_NOT_FOUND` when a role is missing, `ARTIFACT_CORRUPT` when bytes are
 * not what they claim to be or belong to different models, `MODEL_UNSUPPORTED` when a newer Vitrine wrote them.
 * @example
 * ```ts
 * const model = await loadModel(manifest, artifacts, { devices: ['wasm', 'scalar'] })
 * await selfTest(model)
 * const { items } = await recommend(model, { placement: 'home', k: 12 }, history)
 * ```
 */
export async function loadModel(
  manifest: Manifest,
  artifacts: ReadonlyMap<ArtifactRole, Uint8Array>,
  { precision = 'int8', startEngine, tested = false, loadShelves, signal, ...kernel }: LoadOptions = {},
): Promise<Model> {
  signal?.throwIfAborted()
  const bytesOf = (role: ArtifactRole): Uint8Array => {
    const bytes = artifacts.get(role)
    const stated = artifactOf(manifest, role)?.bytes
    if (!bytes || stated === undefined) {
      throw new VitrineError(
        'ARTIFACT_NOT_FOUND',
        `Revision ${manifest.revision} has no ${role}: publish it whole.`,
      )
    }
    if (bytes.length !== stated) {
      throw corrupt(role, `it has ${bytes.length} bytes, the manifest says ${stated}`)
    }
    return bytes
  }
  const stored: StoredParts = {
    catalogue: readCatalogue(bytesOf('catalogue'), { tested }),
    graph: readGraph(bytesOf('graph'), { tested }),
    embeddings: readEmbeddings(bytesOf('embeddings')),
    encoder: readEncoder(bytesOf('encoder')),
    statistics: readStatistics(bytesOf('statistics')),
  }
  const { encoder } = stored
  const read = readReranker(bytesOf('reranker'))
  const golden = bytesOf('golden')
  assertOneModel(manifest, stored, precision)
  const context =
    unknownOf(read) === undefined
      ? undefined
      : (await (loadShelves?.() ?? import('./context.ts'))).contextOf(stored.catalogue)
  const reranker = foldNormalization(read, context?.columns)
  // Before the scan, which would have to be disposed of where these fail.
  const encoding = await createDense([layerOf(encoder)], kernel)
  const ranking = await createDense(reranker.layers, kernel)
  const scan = await createScan(stored, kernel)
  // Read where the kernel has them: the artifact's bytes are not kept.
  const parts: ModelParts = {
    ...stored,
    context,
    embeddings: scan.rows,
    encoder: { ...encoder, kernel: encoding },
    reranker: { ...reranker, kernel: ranking },
  }
  let engine: InferenceEngine | undefined
  try {
    if (manifest.engine) engine = await startEngine?.(parts)
  } catch (error) {
    scan.dispose()
    throw error
  }
  engine ??= createBuiltInEngine(parts)
  if (signal?.aborted) {
    scan.dispose()
    engine.dispose()
    signal.throwIfAborted()
  }
  return new Model(manifest, parts, golden, { scan, engine, ...(loadShelves && { loadShelves }) })
}

function assertOneModel(manifest: Manifest, parts: StoredParts, precision: Precision): void {
  const { catalogue, graph, embeddings, encoder, statistics } = parts
  const { items, dimension } = manifest
  assertEqual('catalogue', 'items', catalogue.ids.length, items)
  assertEqual('graph', 'items', graph.offsets.length - 1, items)
  assertEqual('embeddings', 'items', embeddings.count, items)
  assertEqual('statistics', 'items', statistics.count, items)
  assertEqual('embeddings', 'dimensions', embeddings.dimension, dimension)
  assertEqual('encoder', 'dimensions', encoder.dimension, dimension)
  const isInt8 = embeddings.values instanceof Int8Array
  if (isInt8 !== (precision === 'int8')) {
    throw new VitrineError(
      'MODEL_UNSUPPORTED',
      `Revision ${manifest.revision} holds ${isInt8 ? 'int8' : 'float32'} tables, ${precision} was asked for: give the other folder.`,
    )
  }
}

function assertEqual(role: ArtifactRole, what: string, value: number, expected: number): void {
  if (value !== expected) throw corrupt(role, `it has ${value} ${what}, the manifest says ${expected}`)
}
