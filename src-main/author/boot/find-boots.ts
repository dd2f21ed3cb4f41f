import type { AuthorNode } from '../author-tree'
import type { BootRequest } from './el-torito'
import { fatImage } from './fat-image'

interface KnownPlace extends Pick<BootRequest, 'platform' | 'hasInfoTable' | 'hasGrubTable'> {
  path: RegExp
}

const BIOS = { platform: 'bios', hasInfoTable: false, hasGrubTable: false } as const
const UEFI = { ...BIOS, platform: 'uefi' } as const

/** Where boot images lie in trees that were made to be discs; the first that is there counts, one for each platform. */
const KNOWN_PLACES: readonly KnownPlace[] = [
  { ...BIOS, path: /^(?:boot\/)?(?:isolinux|syslinux)\/isolinux\.bin$/i, hasInfoTable: true },
  { ...BIOS, path: /^boot\/grub2?\/i386-pc\/eltorito\.img$/i, hasInfoTable: true, hasGrubTable: true },
  { ...BIOS, path: /^boot\/etfsboot\.com$/i },
  { ...UEFI, path: /^efi\/microsoft\/boot\/efisys\.bin$/i },
  { ...UEFI, path: /^(?:boot\/grub2?|boot|efi|efi\/boot|images|isolinux)\/(?:efi|efiboot)\.img$/i },
]
const LOADER = /^boot[a-z0-9]+\.efi$/i

/**
 * The boot entries that a tree's own files ask for, BIOS first. Where there are loaders for UEFI and no disk image of
 * them, one is made from the folder `EFI`.
 */
export function findBoots(root: AuthorNode): BootRequest[] {
  const found: BootRequest[] = []
  const files = [...shallowFiles(root, '', 3)]
  for (const platform of ['bios', 'uefi'] as const) {
    for (const { path: pattern, ...place } of KNOWN_PLACES) {
      if (place.platform !== platform) continue
      const path = files.find((each) => pattern.test(each))
      if (path === undefined) continue
      found.push({ ...place, path, emulation: 'none' })
      break
    }
  }
  if (!found.some(({ platform }) => platform === 'uefi')) {
    const made = makeUefi(root)
    if (made !== null) found.push(made)
  }
  return found
}

function makeUefi(root: AuthorNode): BootRequest | null {
  const folder = root.children.find(({ name, kind }) => kind === 'directory' && /^efi$/i.test(name))
  const boot = folder?.children.find(({ name, kind }) => kind === 'directory' && /^boot$/i.test(name))
  if (folder === undefined || boot?.children.some(({ name, kind }) => kind === 'file' && LOADER.test(name)) !== true)
    return null
  return {
    platform: 'uefi',
    path: folder.name,
    emulation: 'none',
    hasInfoTable: false,
    hasGrubTable: false,
    made: fatImage([folder], 'UEFI'),
  }
}

function* shallowFiles(node: AuthorNode, path: string, depth: number): Generator<string> {
  for (const child of node.children) {
    const own = path === '' ? child.name : `${path}/${child.name}`
    if (child.kind === 'file') yield own
    else if (child.kind === 'directory' && depth > 0) yield* shallowFiles(child, own, depth - 1)
  }
}
