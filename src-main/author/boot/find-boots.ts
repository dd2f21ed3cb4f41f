import { compareNames, firstBytes, nodeAt, walk, type AuthorContent, type AuthorNode } from '../author-tree'
import type { AuthorOptions } from '../options'
import type { BootRequest } from './el-torito'
import { fatImage } from './fat-image'
import { CODE_LENGTH, MBR_BYTES, mbrCodeOf, type MbrCode } from './hybrid'

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
/** Where the code of a disk's first sector lies in such trees, by whose it is. */
const KNOWN_CODE: Record<MbrCode['loader'], readonly RegExp[]> = {
  isolinux: [
    /^(?:boot\/)?(?:isolinux|syslinux)\/isohdpfx(?:_c)?\.bin$/i,
    /^usr\/(?:lib|share)\/(?:isolinux|syslinux)\/isohdpfx(?:_c)?\.bin$/i,
    /^isohdpfx(?:_c)?\.bin$/i,
  ],
  grub: [/^(?:boot\/grub2?|usr\/lib\/grub)\/i386-pc\/boot_hybrid\.img$/i, /^boot_hybrid\.img$/i],
}
const LOADER = /^boot[a-z0-9]+\.efi$/i

/** Those that are given, and those that the tree's own files ask for on other platforms. */
export function wantedBoots(root: AuthorNode, { boots, findsBoots, isoLevel }: AuthorOptions): readonly BootRequest[] {
  if (!findsBoots || isoLevel === null) return boots
  const given = new Set(boots.map(({ platform }) => platform))
  const found = given.size === 2 ? [] : findBoots(root).filter(({ platform }) => !given.has(platform))
  // Firmware of a BIOS looks at the first entry.
  return [...boots, ...found].toSorted((a, b) => (a.platform === b.platform ? 0 : a.platform === 'bios' ? -1 : 1))
}

/** What firmware reads by its blocks, or out of a boot image that is made of it: it stays byte for byte what it is. */
export function bootContents(root: AuthorNode, options: AuthorOptions): Set<AuthorContent> {
  const contents = new Set<AuthorContent>()
  for (const { path, made } of wantedBoots(root, options)) {
    const node = nodeAt(root, path)
    if (node === null) continue
    if (node.content !== null) contents.add(node.content)
    if (made !== undefined) for (const { node: below } of walk(node)) if (below.content) contents.add(below.content)
  }
  return contents
}

/** Loaders that are told where they lie: written, they are no longer equal to what they were equal to. */
export function patchedContents(root: AuthorNode, options: AuthorOptions): Set<AuthorContent> {
  const contents = new Set<AuthorContent>()
  for (const { path, hasInfoTable, hasGrubTable } of wantedBoots(root, options)) {
    const content = hasInfoTable || hasGrubTable ? nodeAt(root, path)?.content : null
    if (content) contents.add(content)
  }
  return contents
}

/**
 * The boot entries that a tree's own files ask for, BIOS first. Where there are loaders for UEFI and no disk image of
 * them, one is made from the folder `EFI`.
 */
export function findBoots(root: AuthorNode): BootRequest[] {
  const found: BootRequest[] = []
  const files = [...shallowFiles(root, '', 4)]
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

/**
 * The code of a disk's first sector that lies in a tree beside the loader that a BIOS starts; null where there is none of
 * that loader, since the one cannot start the other.
 */
export async function findMbrCode(root: AuthorNode, boots: readonly BootRequest[]): Promise<MbrCode | null> {
  const bios = boots.find(({ platform, emulation }) => platform === 'bios' && emulation === 'none')
  if (bios === undefined) return null
  const loader = bios.hasGrubTable ? 'grub' : 'isolinux'
  const files = [...shallowFiles(root, '', 3)]
  for (const pattern of KNOWN_CODE[loader]) {
    for (const path of files.filter((each) => pattern.test(each))) {
      const content = nodeAt(root, path)?.content ?? null
      if (content === null) continue
      const code = mbrCodeOf(await firstBytes(content, MBR_BYTES))
      if (code.bytes.byteLength === CODE_LENGTH && code.loader === loader) return code
    }
  }
  return null
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
  // By their names, so that the answer is the same before the tree is in order.
  for (const child of node.children.toSorted(compareNames)) {
    const own = path === '' ? child.name : `${path}/${child.name}`
    if (child.kind === 'file') yield own
    else if (child.kind === 'directory' && depth > 0) yield* shallowFiles(child, own, depth - 1)
  }
}
