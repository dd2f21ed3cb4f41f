import { AuthorError } from '../author-error'
import { firstBytes, nodeAt, type AuthorContent, type AuthorNode } from '../author-tree'
import { bytesContent, type Segment } from '../layout'
import type { AuthorOptions } from '../options'
import { partitionType, patchBootImage, SECTOR, type BootRequest, type PlacedBoot } from './el-torito'

export const SYSTEM_AREA_BLOCKS = 16

/** Finds the boot images in the tree. @throws {AuthorError} `BOOT_FILE` */
export async function placeBoots(root: AuthorNode, { boots, isoLevel }: AuthorOptions): Promise<PlacedBoot[]> {
  if (boots.length > 0 && isoLevel === null)
    throw new AuthorError('BAD_REQUEST', 'Boot entries need an ISO 9660 tree beside UDF.')
  const placed: PlacedBoot[] = []
  for (const boot of boots) {
    const content = boot.made ?? fileAt(root, boot.path)
    const isKept = boot.made !== undefined || boot.node === nodeAt(root, boot.path)
    const recorded = isKept ? (boot.recorded?.systemType ?? null) : null
    placed.push({ ...boot, content, block: 0, systemType: await systemType(boot, content, recorded) })
  }
  return placed
}

function fileAt(root: AuthorNode, path: string): AuthorContent {
  const node = nodeAt(root, path)
  if (node?.kind !== 'file' || node.content === null || node.content.byteLength === 0)
    throw new AuthorError('BOOT_FILE', `“${path}” is not a file of the image, so it cannot be a boot image.`)
  return node.content
}

/** @param recorded of an image that has it as a hard disk already: it is kept as one, whatever it is */
async function systemType(
  { emulation, path }: BootRequest,
  content: AuthorContent,
  recorded: number | null,
): Promise<number> {
  if (emulation !== 'hard-disk') return recorded ?? 0
  const type = partitionType(await firstBytes(content, SECTOR)) ?? recorded
  if (type === null)
    throw new AuthorError(
      'BOOT_FILE',
      `“${path}” is no image of a hard disk: one that a BIOS starts has a table with one partition. Use a floppy image, or no emulation.`,
    )
  return type
}

/** A loader's own tables say where it lies: its bytes are then other than those of the file that it came from. */
export async function patchBoots(boots: readonly PlacedBoot[], segments: Segment[]): Promise<void> {
  for (const boot of boots) {
    if (!boot.hasInfoTable && !boot.hasGrubTable) continue
    const source = boot.content.open()
    let image: Uint8Array
    try {
      image = await source.read(0, boot.content.byteLength)
    } finally {
      await source.close()
    }
    const bytes = patchBootImage(image, boot, boot.block, SYSTEM_AREA_BLOCKS)
    const index = segments.findIndex((each) => each.kind === 'content' && each.content === boot.content)
    const segment = segments[index]
    if (segment !== undefined)
      segments[index] = { ...segment, kind: 'content', content: bytesContent(bytes, boot.content.origin) }
  }
}
