import { because, isTreeOfFiles, type ImageInfo, type Said } from '../../../src-shared/model'
import type { DiscImage } from '../../image'
import type { AuthorNode } from '../author-tree'
import { isLatin1 } from '../names'
import { PRESETS, type AuthorOptions } from '../options'
import { UDF_REVISIONS } from '../udf/structures'
import { IMPLANTED_LENGTH, IMPLANTED_OFFSET } from '../sums/implanted-md5'
import { SYSTEM_AREA_BLOCKS } from '../boot/place-boots'
import { VolumeDateAt } from '../iso9660/volume-descriptors'
import { BLOCK } from '../layout'
import type { Fates } from './fates'
import { bootEntriesOf } from './boot-entries'
import { bootsOf } from './image-boot'
import { diskOf } from './image-disk'
import { bootVolumes } from './left-behind'
import { isWrittenTree } from './written-trees'

/** What an image is made of, as options to make it again; and what of it cannot be. */
export interface ImageOptions {
  options: AuthorOptions
  /** What becomes of what starts it from a disc. */
  boot: Fates
  /** What becomes of what makes a disk of it as well. */
  disk: Fates
  /** Trees that the new image will not have; their files are mostly those of the others. */
  otherwise: Said[]
}

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

/** @param root the tree of its default view */
export async function optionsOfImage(image: DiscImage, root: AuthorNode, hasSums: boolean): Promise<ImageOptions> {
  const { info, blocks } = image
  const kinds = new Set<string>(info.views.map(({ kind }) => kind))
  const main = info.views.find(({ id }) => id === info.defaultViewId)
  const entries = await bootEntriesOf(image)
  const bootTrees = bootVolumes(image, entries)
  const otherwise = info.views
    .filter((view) => isTreeOfFiles(view) && !isWrittenTree(view.kind) && !bootTrees.has(view.id))
    .map(({ label }) => ({
      message: `The ${label} tree is not written again.`,
      details: because('treeNotWritten', { tree: label }),
    }))
  const isIso = kinds.has('iso9660') || kinds.has('rock-ridge') || kinds.has('joliet')
  const boot = isIso ? await bootsOf(entries, root) : { boots: [], kept: [], otherwise: [], lost: [] }
  const disk = await diskOf(image, entries, boot.boots.length > 0)
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
    mbrCode: disk.mbrCode,
    diskIdentity: disk.diskIdentity,
    recordedDates: isIso ? await recordedDates(image) : null,
    md5: hasSums,
    implantMd5: hasImplanted && !hasSums,
  }
  return { options, boot, disk, otherwise }
}

/** The dates of the primary descriptor, which loaders and systems know the volume by (`UUID=`). */
async function recordedDates({ blocks }: DiscImage): Promise<AuthorOptions['recordedDates']> {
  const descriptor = Uint8Array.from(await blocks.read(SYSTEM_AREA_BLOCKS * BLOCK, BLOCK))
  if (Buffer.from(descriptor).toString('latin1', 0, 6) !== '\u0001CD001') return null
  const at = (byteOffset: number): Uint8Array => descriptor.subarray(byteOffset, byteOffset + 17)
  const [created, modified] = [at(VolumeDateAt.created), at(VolumeDateAt.modified)]
  return hasDate(created) || hasDate(modified) ? { created, modified } : null
}

/** ECMA-119 8.4.26.1: digits that are all zero say that there is none. */
function hasDate(field: Uint8Array): boolean {
  return (
    /^\d{16}$/.test(Buffer.from(field).toString('latin1', 0, 16)) && field.some((byte, i) => i < 16 && byte !== 0x30)
  )
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
