import zlib from 'node:zlib'
import { concatenated, type ScratchFile } from '../image'
import { ZisofsHeader } from '../image/codecs/zisofs'
import { SliceSource } from '../image/core/sources/slice-source'
import type { Control } from '../task'
import { AuthorError } from './author-error'
import { walk, type AuthorContent, type AuthorNode } from './author-tree'
import { bootContents } from './boot/find-boots'
import { ByteWriter } from './byte-writer'
import { anyMatches, globRules, unusedGlobs } from './glob-rules'
import { blocksOf } from './layout'
import type { AuthorOptions } from './options'

/** Every reader takes blocks of 32 KiB. */
export const ZISOFS_BLOCK_LOG2 = 15
const BLOCK_LENGTH = 1 << ZISOFS_BLOCK_LOG2
/** Lengths have 32 bits, and so have the pointers to blocks. */
const LENGTH_LIMIT = 2 ** 32 - 1

export interface PackedFiles {
  count: number
  /** Globs that no file has matched. */
  unusedGlobs: string[]
  /** What could not be read; it is zeros in the image. */
  faults: { path: string; message: string }[]
  /** Gives the room back, when the image is written. */
  close: () => Promise<void>
}

/**
 * Packs the files of a tree that fit a pattern by zisofs (H. Peter Anvin): readers of Rock Ridge unpack them while they
 * read. Those that do not become shorter by a block stay as they are, and so does what firmware reads.
 * @param options of the image, which say what starts it
 * @param globs as `globRules` takes them
 * @param openScratch takes what is packed
 */
export async function packFiles(
  root: AuthorNode,
  options: AuthorOptions,
  globs: readonly string[],
  openScratch: () => Promise<ScratchFile>,
  control: Control,
): Promise<PackedFiles> {
  const rules = globRules(globs)
  const scratch = await openScratch()
  const packed = new Map<AuthorContent, { at: number; byteLength: number } | null>()
  const faults: PackedFiles['faults'] = []
  const chosen: AuthorNode[] = []
  const forFirmware = bootContents(root, options)
  let at = 0
  let isFinished = false
  try {
    for (const { node, path } of walk(root)) {
      const { content } = node
      if (content === null || !anyMatches(rules, node.name, path, () => false)) continue
      if (content.byteLength === 0 || content.byteLength > LENGTH_LIMIT || forFirmware.has(content)) continue
      chosen.push(node)
      if (packed.has(content)) continue
      const { blocks, fault } = await pack(content, control)
      if (fault !== null) faults.push({ path, message: `${content.origin} ${fault}` })
      const byteLength = blocks.reduce((sum, each) => sum + each.byteLength, 0)
      const pays = byteLength <= LENGTH_LIMIT && blocksOf(byteLength) < blocksOf(content.byteLength)
      packed.set(content, pays ? { at, byteLength } : null)
      if (!pays) continue
      for (const block of blocks) await scratch.write(block)
      at += byteLength
    }
    isFinished = true
  } finally {
    if (!isFinished) await scratch.discard()
  }
  const source = await scratch.finish()
  const contents = new Map<AuthorContent, AuthorContent>()
  for (const [content, place] of packed) {
    if (place === null) continue
    const { byteLength } = place
    const open = (): SliceSource => new SliceSource(source, place.at, byteLength)
    contents.set(content, { byteLength, origin: content.origin, open, zisofs: { byteLength: content.byteLength } })
  }
  for (const node of chosen) node.content = (node.content && contents.get(node.content)) ?? node.content
  return { count: contents.size, unusedGlobs: unusedGlobs(rules), faults, close: async () => source.close() }
}

/** Header, pointers to the blocks and behind the last one, and the blocks; one of zeros has no bytes. */
async function pack(content: AuthorContent, control: Control): Promise<{ blocks: Uint8Array[]; fault: string | null }> {
  const { byteLength } = content
  const count = Math.ceil(byteLength / BLOCK_LENGTH)
  const head = new ByteWriter(ZisofsHeader.length + (count + 1) * 4)
    .text(0, ZisofsHeader.magic, ZisofsHeader.magic.length)
    .u32Le(ZisofsHeader.byteLengthAt, byteLength)
    .u8(ZisofsHeader.headerLengthAt, ZisofsHeader.length / 4)
    .u8(ZisofsHeader.blockSizeLog2At, ZISOFS_BLOCK_LOG2)
  const blocks: Uint8Array[] = [head.bytes]
  let fault: string | null = null
  let end = head.bytes.byteLength
  const source = content.open()
  try {
    for (let index = 0; index < count; index++) {
      const wait = control.checkpoint()
      if (wait) await wait
      head.u32Le(ZisofsHeader.length + index * 4, end)
      const wanted = Math.min(BLOCK_LENGTH, byteLength - index * BLOCK_LENGTH)
      let bytes = await source.read(index * BLOCK_LENGTH, wanted)
      if (bytes.byteLength < wanted) {
        fault = 'became shorter while it was read; what is missing of it is zeros in the image.'
        bytes = concatenated([bytes, new Uint8Array(wanted - bytes.byteLength)])
      }
      const isZeros = bytes.every((byte) => byte === 0)
      if (!isZeros) blocks.push(zlib.deflateSync(bytes, { level: 9 }))
      end += isZeros ? 0 : (blocks.at(-1)?.byteLength ?? 0)
      if (end > LENGTH_LIMIT) break
    }
    head.u32Le(ZisofsHeader.length + count * 4, end % 2 ** 32)
  } finally {
    await source.close()
  }
  return { blocks, fault }
}

/** @throws {AuthorError} `BAD_REQUEST` where something is packed, and a tree would show it so */
export function assertZisofs(root: AuthorNode, options: AuthorOptions): void {
  for (const { node } of walk(root)) if (node.content?.zisofs !== undefined) return assertZisofsOptions(options)
}

/** @throws {AuthorError} `BAD_REQUEST` where files cannot be packed */
export function assertZisofsOptions({ isoLevel, rockRidge, joliet, udf, md5, sha256sums }: AuthorOptions): void {
  if (!rockRidge || isoLevel === null)
    throw new AuthorError('BAD_REQUEST', 'Files packed by zisofs are unpacked by Rock Ridge, which this image has not.')
  if (joliet || udf !== null)
    throw new AuthorError(
      'BAD_REQUEST',
      'Joliet and UDF would show files packed by zisofs as they are packed. Leave those trees out (--no-joliet, --no-udf).',
    )
  if (md5 || sha256sums)
    throw new AuthorError('BAD_REQUEST', 'Sums of files would be of what is packed by zisofs. Choose one of the two.')
}
