import { AuthorError } from '../author-error'
import { nodeAt, type AuthorNode } from '../author-tree'
import { bytesContent, type Segment } from '../layout'
import type { AuthorOptions } from '../options'
import { patchBootImage, type PlacedBoot } from './el-torito'

export const SYSTEM_AREA_BLOCKS = 16

/** Finds the boot images in the tree. @throws {AuthorError} `BOOT_FILE` */
export function placeBoots(root: AuthorNode, { boots, isoLevel }: AuthorOptions): PlacedBoot[] {
  if (boots.length > 0 && isoLevel === null)
    throw new AuthorError('BAD_REQUEST', 'Boot entries need an ISO 9660 tree beside UDF.')
  return boots.map((boot) => {
    if (boot.made !== undefined) return { ...boot, content: boot.made, block: 0 }
    const node = nodeAt(root, boot.path)
    if (node?.kind !== 'file' || node.content === null || node.content.byteLength === 0)
      throw new AuthorError('BOOT_FILE', `“${boot.path}” is not a file of the image, so it cannot be a boot image.`)
    return { ...boot, content: node.content, block: 0 }
  })
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
