import { because, type ImageInfo, type Said } from '../../../src-shared/model'
import type { DiscImage } from '../../image'
import type { AuthorNode } from '../author-tree'
import { isLatin1 } from '../names'
import { PRESETS, type AuthorOptions } from '../options'
import { UDF_REVISIONS } from '../udf/structures'
import { IMPLANTED_LENGTH, IMPLANTED_OFFSET } from '../sums/implanted-md5'
import type { Fates } from './fates'
import { bootsOf } from './image-boot'
import { diskOf } from './image-disk'
import { isWrittenTree } from './written-trees'

/** What an image is made of, as options to make it again; and what of it cannot be. */
export interface ImageOptions {
  options: AuthorOptions
  /** What becomes of what starts it from a disc. */
  boot: Fates
  /** What becomes of what makes a disk of it as well. */
  disk: Fates
  /** Trees that the new image will not have. */
  lost: Said[]
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
  const lost = info.views
    .filter(({ kind }) => kind !== 'boot' && kind !== 'partitions' && !isWrittenTree(kind))
    .map(({ label }) => ({
      message: `The ${label} tree is not written again.`,
      details: because('treeNotWritten', { tree: label }),
    }))
  const isIso = kinds.has('iso9660') || kinds.has('rock-ridge') || kinds.has('joliet')
  const boot = isIso ? await bootsOf(image, root) : { boots: [], kept: [], lost: [] }
  const disk = await diskOf(image, boot.boots.length > 0)
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
    md5: hasSums,
    implantMd5: hasImplanted && !hasSums,
  }
  return { options, boot, disk, lost }
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
