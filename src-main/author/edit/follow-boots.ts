import { AuthorError } from '../author-error'
import { nodeAt, walk, type AuthorNode } from '../author-tree'
import type { BootRequest } from '../boot/el-torito'

/**
 * What an image starts from, after its tree was changed: the file that has the place now, or else the same file at its
 * new place.
 * @throws {AuthorError} `BOOT_FILE` where it was deleted and nothing has its place
 */
export function followBoots(root: AuthorNode, boots: readonly BootRequest[]): BootRequest[] {
  return boots.map((boot) => {
    if (boot.node === undefined || nodeAt(root, boot.path)?.kind === 'file') return boot
    for (const { node, path } of walk(root)) if (node === boot.node) return { ...boot, path }
    const firmware = boot.platform === 'uefi' ? 'UEFI' : 'BIOS'
    throw new AuthorError(
      'BOOT_FILE',
      `“${boot.path}” is what the image starts from (${firmware}), and may not be deleted alone. Rename it, or put another file in its place.`,
    )
  })
}
