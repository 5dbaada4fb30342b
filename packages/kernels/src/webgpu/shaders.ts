/**
 * The WGSL of a search. Scores become keys (see `keys.ts`); the key of the k-th best row is found by counting
 * keys into 256 coarse bins and, where too many rows share the k-th one's bin, into its 4096 fine bins.
 *
 *     score        a row's key for each query of a batch, and the coarse counts
 *     pickCoarse   the bin that holds the k-th best
 *     refine       fine counts of that bin's rows     } nothing to do
 *     pickFine     the key of the k-th best           } where the coarse bin is nearly empty
 *     collect      indices of the rows at or above it, less the margin
 */
import { KEY_BITS } from './keys.ts'

/** Threads of a workgroup. */
export const WORKGROUP = 256
/**
 * Rows in a block of the table. A block holds, for each 16 dimensions, 16 bytes of row 0, 16 bytes of row 1, …:
 * neighbouring threads then read neighbouring bytes.
 */
export const BLOCK_ROWS = 32
/** Queries that share one pass over the table. */
export const BATCH_QUERIES = 4
/** `vec4<u32>`s of a batch before its vectors: two for each query. */
export const BATCH_HEADER: number = 2 * BATCH_QUERIES
/** Words of a result before its indices: how many rows there are, and the ticket of the search. */
export const RESULT_HEADER = 2
/** A query without a mask. */
export const NO_MASK = 0xffffffff

/**
 * Few, because each workgroup counts in memory of its own, which a software adapter compiles and clears slowly.
 */
const COARSE_BINS = 256
const FINE_BITS = KEY_BITS - 8
const FINE_BINS = 2 ** FINE_BITS
/** Words of a query's state: both counts, then threshold, coarse bin, rows wanted of it, 1 when it will do. */
export const STATE_WORDS: number = COARSE_BINS + FINE_BINS + 4
/** A coarse bin with at most so many rows too many is not refined: scoring them costs less than another pass. */
const SPARE_ROWS = 64
/** Bin of a row that does not count. */
const NO_BIN = 0xffffffff

/** What a GPU can do beyond the least. */
export interface ShaderFeatures {
  /** WGSL knows `dot4I8Packed`. */
  readonly packed: boolean
  readonly subgroups: boolean
}

/** Which pass over the table: int8 queries have one part, float queries two. */
export interface ScorePass {
  readonly queries: 1 | typeof BATCH_QUERIES
  readonly parts: 1 | 2
}

const declarations = (countedIn: 'bins' | 'state', { subgroups }: ShaderFeatures): string => /* wgsl */ `
struct Part {
  firstRow: u32,
  rows: u32,
  // Rows rounded up to a block: the distance from one query's keys to the next one's.
  stride: u32,
  // Dimensions / 16.
  quads: u32,
}
@group(0) @binding(0) var<storage> values: array<vec4<u32>>;
// Scale and bias of each row, relative to the table's largest.
@group(0) @binding(1) var<storage> factors: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read_write> keys: array<u32>;
@group(0) @binding(3) var<uniform> part: Part;
@group(1) @binding(0) var<storage> batch: array<vec4<u32>>;
// Four rows a word.
@group(1) @binding(1) var<storage> masks: array<u32>;
@group(1) @binding(2) var<storage, read_write> state: array<atomic<u32>>;
@group(1) @binding(3) var<storage, read_write> found: array<atomic<u32>>;

// Counts one row a thread. Rows that all fall into one bin (ties, masked rows) cost one addition a subgroup.
fn tally(start: u32, bin: u32) {${
  subgroups
    ? /* wgsl */ `
  let together = subgroupAll(bin == subgroupBroadcastFirst(bin));
  let threads = subgroupAdd(1u);
  let isFirst = subgroupElect();
  if (bin == ${NO_BIN}u) { return; }
  if (!together) { atomicAdd(&${countedIn}[start + bin], 1u); }
  else if (isFirst) { atomicAdd(&${countedIn}[start + bin], threads); }`
    : /* wgsl */ `
  if (bin != ${NO_BIN}u) { atomicAdd(&${countedIn}[start + bin], 1u); }`
}
}
`

/** The pass over the table. */
export function scoreShader({ queries, parts }: ScorePass, features: ShaderFeatures): string {
  const vectors = queries * parts
  return /* wgsl */ `
${features.packed ? 'requires packed_4x8_integer_dot_product;' : ''}
${features.subgroups ? 'enable subgroups;' : ''}
var<workgroup> bins: array<atomic<u32>, ${COARSE_BINS * queries}>;
${declarations('bins', features)}
${features.packed ? '' : UNPACKED_DOT}
fn dot16(a: vec4<u32>, b: vec4<u32>) -> i32 {
  return dot4I8Packed(a.x, b.x) + dot4I8Packed(a.y, b.y) + dot4I8Packed(a.z, b.z) + dot4I8Packed(a.w, b.w);
}

fn isMasked(row: u32, mask: u32) -> bool {
  if (mask == ${NO_MASK}u) { return false; }
  let index = part.firstRow + row;
  return ((masks[mask + (index >> 2u)] >> ((index & 3u) * 8u)) & 255u) != 0u;
}

// A row's key for the query at 'query' in the batch, written and returned as a bin.
fn keep(query: u32, row: u32, dot: f32, factor: vec2<f32>) -> u32 {
  let header = batch[query * 2u];
  var key = 0u;
  if (!isMasked(row, header.w)) {
    let height = dot * factor.x * bitcast<f32>(header.x) + factor.y * bitcast<f32>(header.y);
    key = u32(clamp(height + ${2 ** (KEY_BITS - 1)}.0, 1.0, ${2 ** KEY_BITS - 1}.0));
  }
  keys[query * part.stride + row] = key;
  return select(${NO_BIN}u, key >> ${FINE_BITS}u, key != 0u);
}

@compute @workgroup_size(${WORKGROUP})
fn score(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  for (var first = group.x * ${WORKGROUP}u; first < part.rows; first += groups.x * ${WORKGROUP}u) {
    let row = first + thread;
    var dots = vec4<f32>();
    var factor = vec2<f32>();
    if (row < part.rows) {
      ${lines(vectors, (at) => `var dot${at} = 0i;`)}
      var at = (row / ${BLOCK_ROWS}u) * ${BLOCK_ROWS}u * part.quads + row % ${BLOCK_ROWS}u;
      for (var quad = 0u; quad < part.quads; quad++) {
        let value = values[at];
        at += ${BLOCK_ROWS}u;
        ${lines(vectors, (at) => `dot${at} += dot16(value, batch[${BATCH_HEADER + at}u + quad * ${vectors}u]);`)}
      }
      ${lines(queries, (query) => {
        const whole = `f32(dot${query * parts})`
        return `dots[${query}] = ${parts === 1 ? whole : `${whole} + f32(dot${query * parts + 1}) / 256.0`};`
      })}
      factor = factors[row];
    }
    for (var query = 0u; query < ${queries}u; query++) {
      var bin = ${NO_BIN}u;
      if (row < part.rows) { bin = keep(query, row, dots[query], factor); }
      tally(query * ${COARSE_BINS}u, bin);
    }
  }
  workgroupBarrier();
  for (var at = thread; at < ${COARSE_BINS * queries}u; at += ${WORKGROUP}u) {
    let count = atomicLoad(&bins[at]);
    if (count != 0u) {
      atomicAdd(&state[(at / ${COARSE_BINS}u) * ${STATE_WORDS}u + at % ${COARSE_BINS}u], count);
    }
  }
}
`
}

function lines(count: number, text: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => text(at)).join('\n')
}

/** For a WGSL without the packed dot product. */
const UNPACKED_DOT = /* wgsl */ `
fn unpack(word: u32) -> vec4<i32> {
  let signed = bitcast<i32>(word);
  return vec4<i32>(signed << 24u, signed << 16u, signed << 8u, signed) >> vec4<u32>(24u);
}
fn dot4I8Packed(a: u32, b: u32) -> i32 { return dot(unpack(a), unpack(b)); }
`

/** The passes that follow, the same for every table. */
export function selectShader(features: ShaderFeatures): string {
  return /* wgsl */ `
${features.subgroups ? 'enable subgroups;' : ''}
const THRESHOLD = ${COARSE_BINS + FINE_BINS}u;
const BIN = THRESHOLD + 1u;
const WANTED = THRESHOLD + 2u;
const IS_ENOUGH = THRESHOLD + 3u;
${declarations('state', features)}
var<workgroup> sums: array<u32, ${WORKGROUP}>;
var<workgroup> isEnough: u32;

// The bin in which the count from the top reaches 'wanted', the count above it and its own; for thread 0.
fn find(start: u32, binsPerThread: u32, wanted: u32, thread: u32) -> vec3<u32> {
  var sum = 0u;
  for (var bin = thread * binsPerThread; bin < (thread + 1u) * binsPerThread; bin++) {
    sum += atomicLoad(&state[start + bin]);
  }
  sums[thread] = sum;
  workgroupBarrier();
  if (thread != 0u) { return vec3<u32>(); }
  var above = 0u;
  var run = ${WORKGROUP - 1}u;
  while (run > 0u && above + sums[run] < wanted) {
    above += sums[run];
    run--;
  }
  var bin = (run + 1u) * binsPerThread - 1u;
  var count = atomicLoad(&state[start + bin]);
  while (bin > run * binsPerThread && above + count < wanted) {
    above += count;
    bin--;
    count = atomicLoad(&state[start + bin]);
  }
  return vec3<u32>(bin, above, count);
}

// Rows with this key or a higher one may be among the k best, and no others.
fn setThreshold(query: u32, key: u32) {
  let margin = batch[query * 2u + 1u].x;
  atomicStore(&state[query * ${STATE_WORDS}u + THRESHOLD], max(key, margin + 1u) - margin);
}

@compute @workgroup_size(${WORKGROUP})
fn pickCoarse(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3<u32>) {
  let query = group.x;
  let start = query * ${STATE_WORDS}u;
  let wanted = batch[query * 2u].z;
  let hit = find(start, ${COARSE_BINS / WORKGROUP}u, wanted, thread);
  if (thread == 0u) {
    setThreshold(query, hit.x << ${FINE_BITS}u);
    atomicStore(&state[start + BIN], hit.x);
    atomicStore(&state[start + WANTED], wanted - hit.y);
    atomicStore(&state[start + IS_ENOUGH], u32(hit.y + hit.z <= wanted + ${SPARE_ROWS}u));
    let header = batch[query * 2u + 1u];
    atomicStore(&found[header.z + 1u], header.w);
  }
}

@compute @workgroup_size(${WORKGROUP})
fn refine(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let start = group.y * ${STATE_WORDS}u;
  if (thread == 0u) { isEnough = atomicLoad(&state[start + IS_ENOUGH]); }
  if (workgroupUniformLoad(&isEnough) != 0u) { return; }
  let coarse = atomicLoad(&state[start + BIN]);
  for (var first = group.x * ${WORKGROUP}u; first < part.rows; first += groups.x * ${WORKGROUP}u) {
    let row = first + thread;
    var bin = ${NO_BIN}u;
    if (row < part.rows) {
      let key = keys[group.y * part.stride + row];
      if (key != 0u && key >> ${FINE_BITS}u == coarse) { bin = key & ${FINE_BINS - 1}u; }
    }
    tally(start + ${COARSE_BINS}u, bin);
  }
}

@compute @workgroup_size(${WORKGROUP})
fn pickFine(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3<u32>) {
  let query = group.x;
  let start = query * ${STATE_WORDS}u;
  let wanted = atomicLoad(&state[start + WANTED]);
  let hit = find(start + ${COARSE_BINS}u, ${FINE_BINS / WORKGROUP}u, wanted, thread);
  if (thread == 0u && atomicLoad(&state[start + IS_ENOUGH]) == 0u) {
    setThreshold(query, (atomicLoad(&state[start + BIN]) << ${FINE_BITS}u) + hit.x);
  }
}

@compute @workgroup_size(${WORKGROUP})
fn collect(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let threshold = atomicLoad(&state[group.y * ${STATE_WORDS}u + THRESHOLD]);
  let header = batch[group.y * 2u + 1u];
  for (var row = group.x * ${WORKGROUP}u + thread; row < part.rows; row += groups.x * ${WORKGROUP}u) {
    if (keys[group.y * part.stride + row] >= threshold) {
      let at = atomicAdd(&found[header.z], 1u);
      if (at < header.y) { atomicStore(&found[header.z + ${RESULT_HEADER}u + at], part.firstRow + row); }
    }
  }
}
`
}
