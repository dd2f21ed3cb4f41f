import type { JobSpec } from '../../../src-shared/model'
import { archive } from './archive'
import { compare } from './compare'
import { convert } from './convert'
import { copy } from './copy'
import { create } from './create'
import { duplicates } from './duplicates'
import { edit } from './edit'
import { eraseDriveKind } from './erase-drive'
import { extract } from './extract'
import { findKind } from './find'
import { hash } from './hash'
import { indexFolder } from './index-folder'
import { indexInside } from './index-inside'
import type { JobKind } from './job-kind'
import { move } from './move'
import { protectKind } from './protect'
import { readDiscKind } from './read-disc'
import { rescueKind } from './rescue'
import { saveFindsKind } from './save-finds'
import { verify } from './verify'
import { writeDriveKind } from './write-drive'

/** Every kind of job. An earlier one is asked first whether it knows what an earlier version has kept. */
const KINDS: readonly JobKind[] = [
  ...[archive, extract, copy, move, convert, create, edit, verify, hash],
  ...[compare, duplicates, indexFolder, indexInside],
  ...[writeDriveKind, eraseDriveKind, readDiscKind, rescueKind, protectKind],
  ...[findKind, saveFindsKind],
]

/** @throws {Error} for a kind that there is not: what is stored is read by {@link readSpec} first */
export function kindOf({ kind }: Pick<JobSpec, 'kind'>): JobKind {
  const found = KINDS.find(({ id }) => id === kind)
  if (!found) throw new Error(`There is no kind of job “${kind}”.`)
  return found
}

/** What a job of this or an earlier version is to do; null where a value out of a file is none: nothing else may be run. */
export function readSpec(value: unknown): JobSpec | null {
  if (typeof value !== 'object' || value === null) return null
  const stored = value as Record<string, unknown>
  for (const kind of KINDS) {
    const earlier = kind.earlierSpec?.(stored) ?? null
    if (earlier === null && stored.kind !== kind.id) continue
    const read = kind.spec.safeParse(earlier ?? stored)
    return read.success ? read.data : null
  }
  return null
}
