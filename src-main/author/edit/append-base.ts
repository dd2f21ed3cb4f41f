import type { DiscImage } from '../../image'
import { copyTree, type AppendBase } from '../append'
import { AuthorError } from '../author-error'
import type { AuthorContent } from '../author-tree'
import { BLOCK } from '../layout'
import type { AuthorOptions } from '../options'
import { BOOT_CATALOG_AT, BOOT_SYSTEM } from '../iso9660/volume-descriptors'
import type { ImageTree } from './image-tree'

/** Where an image that has had a session added keeps the first one’s descriptors, in blocks. */
const FIRST_SESSION_DESCRIPTORS = 48
const SECTOR = 512
/** Where a sector of boot code ends with 0x55 and 0xAA. */
const BOOT_SIGNATURE_AT = 510
const BOOT_RECORD_BLOCK = 17

/**
 * An image as what a session is added to. Its tree may be changed afterwards.
 * @param options to make it again
 * @throws {AuthorError} `BAD_REQUEST` where it is no plain image, or a session would break what it has
 */
export async function appendBase(image: DiscImage, tree: ImageTree, options: AuthorOptions): Promise<AppendBase> {
  const { info, blocks } = image
  const around = info.containers.filter((container) => container !== 'plain')
  if (around.length > 0)
    throw new AuthorError(
      'BAD_REQUEST',
      `${info.name} is an image in another form (${around.join(', ')}). Convert it first, then add a session.`,
    )
  const first = await blocks.read(0, SECTOR)
  if (first[BOOT_SIGNATURE_AT] === 0x55 && first[BOOT_SIGNATURE_AT + 1] === 0xaa)
    throw new AuthorError(
      'BAD_REQUEST',
      `${info.name} starts from sticks and disks too: its boot code and partitions lead to places that a session would cover. Leave out --append to have a changed copy.`,
    )
  if (tree.hasSums || options.md5)
    throw new AuthorError(
      'BAD_REQUEST',
      `${info.name} has MD5 sums of itself that a session would make wrong. Leave out --append to have a changed copy with sums of its own.`,
    )
  const descriptors = await blocks.read(FIRST_SESSION_DESCRIPTORS * BLOCK, 6)
  const hasSessions = Buffer.from(descriptors).toString('latin1') === '\u0001CD001'
  const places = new Map<AuthorContent, number>()
  for (const [content, byteOffset] of tree.places) if (byteOffset % BLOCK === 0) places.set(content, byteOffset / BLOCK)
  for (const { made } of options.boots)
    if (made?.discPosition !== undefined && made.discPosition % BLOCK === 0) places.set(made, made.discPosition / BLOCK)
  const { byteLength } = blocks
  return {
    image: {
      byteLength,
      origin: info.name,
      open: () => ({
        byteLength,
        read: (at, length) => blocks.read(at, length),
        locate: () => null,
        close: () => undefined,
      }),
    },
    places,
    before: hasSessions
      ? null
      : { root: copyTree(tree.root), options: { ...options, md5: false }, catalogBlock: await catalogOf(image) },
  }
}

async function catalogOf({ blocks }: DiscImage): Promise<number | null> {
  const record = Buffer.from(await blocks.read(BOOT_RECORD_BLOCK * BLOCK, BLOCK))
  const isBoot = record.byteLength === BLOCK && record[0] === 0 && record.includes(BOOT_SYSTEM)
  return isBoot ? record.readUInt32LE(BOOT_CATALOG_AT) : null
}
