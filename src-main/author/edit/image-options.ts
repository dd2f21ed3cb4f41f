import type { ImageInfo } from '../../../src-shared/model'
import type { ByteSource, DiscImage } from '../../image'
import { nodeAt, type AuthorContent, type AuthorNode } from '../author-tree'
import { wholeSectors, type BootEmulation, type BootRequest } from '../boot/el-torito'
import { CODE_LENGTH, mbrCodeOf } from '../boot/hybrid'
import { BLOCK } from '../layout'
import { isLatin1 } from '../names'
import { PRESETS, type AuthorOptions } from '../options'
import { UDF_REVISIONS } from '../udf/structures'
import { IMPLANTED_LENGTH, IMPLANTED_OFFSET } from '../sums/implanted-md5'
import { isWrittenTree } from './written-trees'

/** What an image is made of, as options to make it again; and what of it cannot be. */
export interface ImageOptions {
  options: AuthorOptions
  /** What boots, and that it is kept with new addresses. */
  kept: string[]
  /** What the new image will not have. */
  lost: string[]
}

const SECTOR = 512
const JOLIET_LENGTH = 64
/** What the facts of an image are: those of its primary descriptor, where it has one. */
const TEXTS = [
  'systemId',
  'publisher',
  'preparer',
  'application',
  'volumeSetId',
  'copyrightFile',
  'abstractFile',
  'bibliographicFile',
] as const satisfies AuthorOptions['asRecorded']
const EMULATIONS: Record<string, BootEmulation> = {
  'no-emulation': 'none',
  'floppy-1.2': 'floppy',
  'floppy-1.44': 'floppy',
  'floppy-2.88': 'floppy',
  'hard-disk': 'hard-disk',
}

/** @param root the tree of its default view */
export async function optionsOfImage(image: DiscImage, root: AuthorNode, hasSums: boolean): Promise<ImageOptions> {
  const { info, blocks } = image
  const kinds = new Set<string>(info.views.map(({ kind }) => kind))
  const main = info.views.find(({ id }) => id === info.defaultViewId)
  const lost = info.views
    .filter(({ kind }) => kind !== 'boot' && kind !== 'partitions' && !isWrittenTree(kind))
    .map(({ label }) => `The ${label} tree is not written again.`)
  const isIso = kinds.has('iso9660') || kinds.has('rock-ridge') || kinds.has('joliet')
  const boot = isIso ? await bootsOf(image, root) : { boots: [], kept: [], lost: [] }
  const disk = await diskOf(blocks, boot.boots.length > 0 ? (info.boot[0]?.byteOffset ?? null) : null)
  const isPlainDefault = main?.kind === 'iso9660'
  const hasLongNames = main?.kind === 'joliet' && longest(root) > JOLIET_LENGTH
  const hasImplanted = Buffer.from(await blocks.read(IMPLANTED_OFFSET, IMPLANTED_LENGTH)).includes('ISO MD5SUM')
  const udf = info.views.find(({ kind }) => kind === 'udf')
  const revision = UDF_REVISIONS.find((each) => udf?.format.includes(each) === true) ?? UDF_REVISIONS.at(-1)
  // A tree whose names are none of ECMA-119 keeps them by Rock Ridge.
  const needsRockRidge = isPlainDefault && ![...names(root)].every((name) => /^[A-Z0-9_]*(?:\.[A-Z0-9_]*)?$/.test(name))
  const options: AuthorOptions = {
    ...PRESETS.data,
    isoLevel: isIso || udf === undefined ? (kinds.has('enhanced') ? 4 : 3) : null,
    rockRidge: kinds.has('rock-ridge') || needsRockRidge || (!isIso && udf === undefined),
    joliet: kinds.has('joliet'),
    jolietLong: hasLongNames,
    udf: udf === undefined ? null : (revision ?? null),
    label: info.label,
    publisher: info.publisher,
    preparer: info.preparer,
    application: info.application,
    systemId: info.systemId,
    volumeSetId: info.volumeSetId,
    copyrightFile: info.copyrightFile,
    abstractFile: info.abstractFile,
    bibliographicFile: info.bibliographicFile,
    asRecorded: recordedTexts(info),
    findsBoots: false,
    boots: boot.boots,
    hybrid: disk.hybrid,
    mbrCode: disk.code,
    md5: hasSums,
    implantMd5: hasImplanted && !hasSums,
  }
  return { options, kept: [...boot.kept, ...disk.kept], lost: [...lost, ...boot.lost, ...disk.lost] }
}

/** The texts that the primary descriptor has just so: one byte a character. */
function recordedTexts(info: ImageInfo): AuthorOptions['asRecorded'] {
  const main = info.views.find(({ id }) => id === info.defaultViewId)?.kind
  const texts = TEXTS.filter((key) => isLatin1(info[key]))
  const isPrimary = main === 'rock-ridge' || main === 'iso9660'
  return isPrimary && isLatin1(info.label) ? [...texts, 'label'] : texts
}

function* names(root: AuthorNode): Generator<string> {
  for (const child of root.children) {
    yield child.name
    yield* names(child)
  }
}

function longest(root: AuthorNode): number {
  let length = 0
  for (const name of names(root)) length = Math.max(length, name.length)
  return length
}

async function bootsOf(
  { info, blocks }: DiscImage,
  root: AuthorNode,
): Promise<{ boots: BootRequest[]; kept: string[]; lost: string[] }> {
  const boots: BootRequest[] = []
  const kept: string[] = []
  const lost: string[] = []
  for (const entry of info.boot) {
    const { platform, byteOffset, byteLength, path, bootable } = entry
    const emulation = EMULATIONS[entry.emulation]
    const what = path ?? `a boot image of ${byteLength} bytes`
    const isKnown = platform === 'bios' || platform === 'efi'
    if (!isKnown || emulation === undefined || byteOffset === null || !bootable) {
      lost.push(`The boot entry for ${platform} (${what}) cannot be written again.`)
      continue
    }
    const block = byteOffset / BLOCK
    const node = path === null ? null : nodeAt(root, path)
    const isFile = node !== null && node.content !== null
    const head = Buffer.from(await blocks.read(byteOffset, 2560))
    const request: BootRequest = {
      platform: platform === 'efi' ? 'uefi' : 'bios',
      path: path ?? what,
      emulation,
      hasInfoTable: head.byteLength >= 64 && head.readUInt32LE(8) === 16 && head.readUInt32LE(12) === block,
      hasGrubTable: head.byteLength >= 2556 && head.readUInt32LE(2548) === block * 4 + 5,
    }
    // Where all is loaded, all of a file is that takes its place as well.
    request.loadSectors = entry.loadSectors === wholeSectors(byteLength) ? 'whole' : entry.loadSectors
    if (isFile) request.node = node
    else request.made = rangeOf(blocks, byteOffset, byteLength, what)
    boots.push(request)
    const table = request.hasInfoTable || request.hasGrubTable ? ', and the table in it is recomputed' : ''
    kept.push(`The boot entry for ${platform} (${what}) is kept${table}.`)
  }
  return { boots, kept, lost }
}

function rangeOf(blocks: ByteSource, byteOffset: number, byteLength: number, origin: string): AuthorContent {
  return {
    byteLength,
    origin,
    discPosition: byteOffset,
    open: () => ({
      byteLength,
      read: (at, length) => blocks.read(byteOffset + at, Math.max(0, Math.min(length, byteLength - at))),
      locate: () => null,
      close: () => undefined,
    }),
  }
}

async function diskOf(
  blocks: ByteSource,
  bootOffset: number | null,
): Promise<{ hybrid: AuthorOptions['hybrid']; code: AuthorOptions['mbrCode']; kept: string[]; lost: string[] }> {
  const head = Buffer.from(await blocks.read(0, 2 * SECTOR))
  const none = { hybrid: null, code: null, kept: [], lost: [] }
  if (head.byteLength < 2 * SECTOR || head.readUInt16LE(SECTOR - 2) !== 0xaa55) return none
  const hasTable = head.toString('latin1', SECTOR, SECTOR + 8) === 'EFI PART'
  const hasCode = head.subarray(0, CODE_LENGTH).some((byte) => byte !== 0)
  const start = Number(head.readBigUInt64LE(CODE_LENGTH))
  const sector = bootOffset === null ? -1 : bootOffset / SECTOR
  const loader = start === sector ? 'isolinux' : start === sector + 4 ? 'grub' : null
  if (bootOffset === null) return { ...none, lost: ['The first sector makes a disk of it, and has nothing to boot.'] }
  if (!hasCode || loader === null) {
    const lost = hasCode ? ['The code of the first sector is of an unknown loader, and is not kept.'] : []
    return hasTable
      ? { hybrid: 'gpt', code: null, kept: ['The GUID partition table is written anew.'], lost }
      : { ...none, lost: [...lost, 'The partitions of the first sector are not kept.'] }
  }
  const code = { ...mbrCodeOf(head), loader } as const
  const tables = hasTable ? ' and GUID partition tables are' : ' is'
  return {
    hybrid: hasTable ? 'both' : 'mbr',
    code,
    kept: [`The first sector of ${loader === 'grub' ? 'GRUB' : 'isolinux'}${tables} kept, with new addresses.`],
    lost: [],
  }
}
