import type { ByteReader } from '../../core/byte-reader'
import { BTree } from './btree'
import type { Container } from './container'
import { isPhysical, isSumRight, ObjectType, typeOf } from './object'
import { ObjectMap } from './object-map'

const VOLUME_MAGIC = 'APSB'
/** “Volume Flags”, “Incompatible Features”. */
const UNENCRYPTED = 1
const HASHED_NAMES = 1 | 8
const SEALED = 0x20
const EXTENT_KEY = { keyLength: 16, valueLength: 16 } as const

/** A volume, with the trees that its files are in. */
export interface Volume {
  name: string
  isEncrypted: boolean
  /** Names of entries are recorded with their hash. */
  hasHashedNames: boolean
  modified: number
  tree: BTree
  /** Of sealed volumes: where files lie is in a tree of its own. Null for others. */
  extents: BTree | null
}

/** “apfs_superblock_t”. Null where it is none. @param damaged told of each block that is missing or damaged */
export async function readVolume(
  container: Container,
  block: number,
  damaged: (what: string) => void,
): Promise<Volume | null> {
  const { blocks, transaction } = container
  const reader = await blocks.read(block)
  if (reader === null || typeOf(reader) !== ObjectType.volume || !reader.matches(32, VOLUME_MAGIC)) return null
  if (!isSumRight(reader)) damaged('is damaged')
  const features = reader.u32Le(56)
  const map = await ObjectMap.open(blocks, reader.u64Le(128), transaction, damaged)
  const itself = (number: number): Promise<number> => Promise.resolve(number)
  const mapped = (number: number): Promise<number | null> => map?.blockOf(number) ?? Promise.resolve(null)
  const rootType = reader.u32Le(116)
  return {
    name: nameIn(reader),
    isEncrypted: (reader.u32Le(264) & UNENCRYPTED) === 0,
    hasHashedNames: (features & HASHED_NAMES) !== 0,
    modified: nanoseconds(reader, 256),
    tree: new BTree(blocks, reader.u64Le(136), isPhysical(rootType) ? itself : mapped, damaged, null),
    extents: (features & SEALED) === 0 ? null : new BTree(blocks, reader.u64Le(1032), itself, damaged, EXTENT_KEY),
  }
}

function nameIn(reader: ByteReader): string {
  return new TextDecoder().decode(reader.slice(704, 256)).replace(/\0.*$/s, '')
}

/** Nanoseconds since 1970, fewer than none before it, as milliseconds. */
export function nanoseconds(reader: ByteReader, at: number): number {
  return Math.floor(reader.i64Le(at) / 1_000_000)
}
