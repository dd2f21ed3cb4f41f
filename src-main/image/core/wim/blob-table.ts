import { latin1, readU16Le } from '../byte-reader'
import { createHash } from '../create-hash'
import type { DiagnosticLog } from '../diagnostic-log'
import { readResource, RESOURCE_LENGTH, ResourceFlag, type ResourceHeader } from './header'

/** Place, part, count of references, SHA-1. */
export const ENTRY_LENGTH = 50
export const EntryAt = { part: RESOURCE_LENGTH, references: 26, hash: 30 } as const
/** What stands in place of the length of a solid resource. */
export const SOLID_LENGTH = 2 ** 32

/** Where the bytes of a hash lie. */
export interface Blob {
  /** In the table, from 1. */
  number: number
  /** From 1. */
  part: number
  byteLength: number
  /** The range that it fills, or that holds it among others. */
  resource: ResourceHeader
  /** Where it begins in what its resource unpacks to, or in what it and those behind it do, in bytes. */
  byteOffset: number
  /** What it lies in together with others; null where its resource is its own. */
  solid: SolidResources | null
}

/** Resources that are counted through as one, in order. */
export interface SolidResources {
  resources: ResourceHeader[]
  /** Unpacked, in bytes; what lies beyond is not there. */
  byteLength: number
}

/** The bytes of a file, by their SHA-1 as twenty Latin-1 characters. */
export interface BlobTable {
  blobs: Map<string, Blob>
  /** By the number of their blob, from 1. */
  hashes: string[]
  /** The metadata of images, in order. */
  metadata: { resource: ResourceHeader; hash: string }[]
  /** Of the part that was read last. */
  solid: SolidResources[]
}

/** Reads the table of a part; how long its solid resources are they say themselves. Later entries of a hash are passed over. */
export function readBlobTable(bytes: Uint8Array, table: BlobTable, log: DiagnosticLog): void {
  table.solid = []
  let solid: SolidResources = { resources: [], byteLength: 0 }
  const count = Math.floor(bytes.byteLength / ENTRY_LENGTH)
  if (bytes.byteLength % ENTRY_LENGTH !== 0) log.damage('BLOB_TABLE_CUT', 'The table of the image’s contents is cut.')
  for (let at = 0; at < count * ENTRY_LENGTH; at += ENTRY_LENGTH) {
    const resource = readResource(bytes, at)
    const part = readU16Le(bytes, at + EntryAt.part)
    const hash = latin1(bytes.subarray(at + EntryAt.hash, at + ENTRY_LENGTH))
    if ((resource.flags & ResourceFlag.solid) === 0) {
      solid = { resources: [], byteLength: 0 }
      if ((resource.flags & ResourceFlag.metadata) !== 0) table.metadata.push({ resource, hash })
      else add(table, hash, { part, byteLength: resource.byteLength, resource, byteOffset: 0, solid: null })
    } else if (resource.byteLength === SOLID_LENGTH) {
      // A run goes on up to an entry of another kind, also where images were appended and resources stand among contents.
      if (solid.resources.push(resource) === 1) table.solid.push(solid)
    } else {
      const { byteOffset, packedLength: byteLength } = resource
      const [first] = solid.resources
      if (first === undefined) log.damage('SOLID_RESOURCE_MISSING', 'Contents have no resource that they lie in.')
      else add(table, hash, { part, byteLength, resource: first, byteOffset, solid })
    }
  }
}

function add({ blobs, hashes }: BlobTable, hash: string, blob: Omit<Blob, 'number'>): void {
  if (blobs.has(hash)) return
  hashes[blobs.size + 1] = hash
  blobs.set(hash, { ...blob, number: blobs.size + 1 })
}

/**
 * Whether bytes give the SHA-1 that is recorded for them. What has zeros in its place was written without one.
 * @param hash twenty Latin-1 characters
 */
export function givesHash(bytes: Uint8Array, hash: string): boolean {
  if (/^\0*$/.test(hash)) return true
  return createHash('sha1').update(bytes).digest('hex') === Buffer.from(hash, 'latin1').toString('hex')
}
