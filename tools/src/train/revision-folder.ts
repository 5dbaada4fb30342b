/** A revision as a folder: manifest.json, one file a role, the model card, and float32 twins aside. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Artifact, type ArtifactRole, VitrineError, parseManifest } from '@vitrine/contracts'
import { readEmbeddings, readEncoder, writeEmbeddings, writeEncoder } from '@vitrine/recommender'
import type { HeadTables, Revision, TrainedModel } from './types.ts'

/** Folder beside the manifest that holds the revision in float32: read by `evaluate`, never published. */
const FULL_PRECISION_FOLDER = 'fp32'

/** Folder beside the manifest with what the ranker learned from: read by `distill` and `evaluate --ablate`, never published. */
const HEAD_FOLDER = 'head'

const MODEL_CARD = 'MODEL_CARD.md'

function fileName(artifact: Artifact): string {
  return artifact.role + (artifact.dtype === 'json' ? '.json' : '.bin')
}

/** Writes `trained` into the folder `directory`, which is made where it is missing. */
export async function writeRevision(directory: string, trained: TrainedModel): Promise<void> {
  await writeTwins(directory, trained, trained.fullPrecision)
  if (trained.onHead) await writeHead(directory, trained.onHead)
  for (const [name, text] of trained.documents) await writeFile(join(directory, name), text)
}

/** Copies the folder of a revision whose artifacts and name became those of `revision`; the model card follows. */
export async function copyRevision(from: string, to: string, revision: Revision): Promise<void> {
  const before = await readRevision(from)
  await cp(from, to, { recursive: true })
  await writeFiles(to, revision)
  const text = await readModelCard(to)
  if (text !== undefined) {
    await writeModelCardFile(to, text.replaceAll(before.manifest.revision, revision.manifest.revision))
  }
}

/** The model card in `directory`; undefined where the folder has lost it. */
export function readModelCard(directory: string): Promise<string | undefined> {
  return readFile(join(directory, MODEL_CARD), 'utf8').catch(() => undefined)
}

/** Writes the model card of the revision in `directory`. */
export async function writeModelCardFile(directory: string, text: string): Promise<void> {
  await writeFile(join(directory, MODEL_CARD), text)
}

/** Writes a revision with its float32 twin into `directory`, which is made where it is missing. */
export async function writeTwins(
  directory: string,
  revision: Revision,
  fullPrecision: Revision,
): Promise<void> {
  await writeFiles(directory, revision)
  await writeFiles(join(directory, FULL_PRECISION_FOLDER), fullPrecision)
}

async function writeHead(directory: string, { embeddings, encoder }: HeadTables): Promise<void> {
  const folder = join(directory, HEAD_FOLDER)
  const scales = new Float32Array(encoder.dimension).fill(1)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'embeddings.bin'), writeEmbeddings(embeddings))
  await writeFile(join(folder, 'encoder.bin'), writeEncoder({ ...encoder, scales }))
}

/**
 * Reads what the ranker of the revision in `directory` learned with.
 *
 * @throws `VitrineError('MODEL_NOT_FOUND')` where training left nothing of that.
 */
export async function readHead(directory: string): Promise<HeadTables> {
  const read = async (name: string): Promise<Uint8Array> => {
    const path = join(directory, HEAD_FOLDER, name)
    try {
      return await readFile(path)
    } catch (cause) {
      throw new VitrineError(
        'MODEL_NOT_FOUND',
        `Cannot read ${path}: give a folder that \`vitrine train\` wrote by choosing settings on sessions, without --from.`,
        { cause },
      )
    }
  }
  return {
    embeddings: readEmbeddings(await read('embeddings.bin')),
    encoder: readEncoder(await read('encoder.bin')),
  }
}

async function writeFiles(directory: string, { manifest, artifacts }: Revision): Promise<void> {
  await mkdir(directory, { recursive: true })
  for (const artifact of manifest.artifacts) {
    const bytes = artifacts.get(artifact.role)
    if (!bytes) {
      throw new VitrineError('INTERNAL', `The manifest names ${artifact.role}, which was not built.`)
    }
    await writeFile(join(directory, fileName(artifact)), bytes)
  }
  // Last, so that a folder with a manifest is a whole one.
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
}

/**
 * Reads a revision's folder. Hashes are not checked here: `loadModel` checks form, `publish` checks hashes.
 *
 * @throws `VitrineError('MODEL_NOT_FOUND')` without a manifest, `ARTIFACT_NOT_FOUND` without one of its
 * files, `INVALID_MANIFEST` when it does not parse.
 */
export async function readRevision(
  directory: string,
  { precision = 'int8' }: { precision?: 'int8' | 'fp32' } = {},
): Promise<Revision> {
  const folder = precision === 'fp32' ? join(directory, FULL_PRECISION_FOLDER) : directory
  const manifest = parseManifest(JSON.parse(await readManifest(join(folder, 'manifest.json'))))
  const artifacts = new Map<ArtifactRole, Uint8Array>()
  for (const artifact of manifest.artifacts) {
    const path = join(folder, fileName(artifact))
    try {
      artifacts.set(artifact.role, await readFile(path))
    } catch (cause) {
      throw new VitrineError(
        'ARTIFACT_NOT_FOUND',
        `Cannot read ${path}: train or fetch the revision again.`,
        {
          cause,
        },
      )
    }
  }
  return { manifest, artifacts }
}

async function readManifest(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new VitrineError(
      'MODEL_NOT_FOUND',
      `Cannot read ${path}: give the folder that \`vitrine train --out\` wrote (fp32 needs its subfolder fp32/).`,
      { cause },
    )
  }
}
