import { CONVERSION_TARGETS, type Conversion, type ConversionSource, type ConversionTarget } from './conversion-table'
import { FORMATS } from './formats'
import type { ImageInfo, ViewInfo } from './image'

/** Extensions that say nothing about what a file holds, though a format has them. */
const PLAIN_NAMES = new Set(['img', 'ima', '001'])
/** What packs or collects files, is not read, and would be taken at its word as well. */
const OTHER_ARCHIVES = new Set(['tar', 'tgz', 'rar', 'lz4', 'lzma', 'cab'])

const DISC_VIEWS = new Set<ViewInfo['kind']>(['rock-ridge', 'joliet', 'iso9660', 'enhanced', 'high-sierra', 'xdvdfs'])
/** Macs format discs and disks alike: here only what lies around it tells which it is. */
const MAC_VIEWS = new Set<ViewInfo['kind']>(['hfs', 'hfsplus'])
/** No disk has one of these as its blocks: an .iso of them opens nowhere. */
const ARCHIVE_VIEWS = new Set<ViewInfo['kind']>(['squashfs', 'erofs', 'wim', 'cpio'])
/** Names and containers that discs have, and disks do not. */
const DISC_NAMES = /\.(?:iso|cdr|toast)(?:\.(?:gz|xz|zst|bz2|\d{1,3}))?$/i
const DISC_CONTAINERS = new Set(['cue', 'ccd', 'mds', 'nrg', 'toc', 'gdi', 'cdi', 'cso', 'zso', 'isz', 'ecm', 'dax'])
type Facts = Pick<ImageInfo, 'name' | 'containers' | 'views'>

/** What the blocks of an image are. */
export function conversionSourceOf({ name, containers, views }: Facts): ConversionSource {
  const kinds = new Set(views.map(({ kind }) => kind))
  const hasOneOf = (wanted: ReadonlySet<ViewInfo['kind']>): boolean => views.some(({ kind }) => wanted.has(kind))
  const isPartitioned = kinds.has('partitions')
  if (hasOneOf(DISC_VIEWS)) return kinds.has('udf') ? 'udf' : 'disc'
  if (kinds.has('udf') && !isPartitioned) return 'udf'
  const isOfDisc = kinds.has('tracks') || containers.some((id) => DISC_CONTAINERS.has(id) || id.startsWith('raw-'))
  if (isOfDisc || (hasOneOf(MAC_VIEWS) && DISC_NAMES.test(name))) return 'disc'
  return !isPartitioned && hasOneOf(ARCHIVE_VIEWS) ? 'files' : 'disk'
}

/** What a plain image is called, so that its name promises no disc where there is none. */
export function plainExtensionOf(info: Facts): 'iso' | 'img' {
  const source = conversionSourceOf(info)
  return source === 'disc' || source === 'udf' ? 'iso' : 'img'
}

/** The last extension of a path, without its dot, in lower case; empty where there is none. */
export function extensionOf(path: string): string {
  return /[^/\\]\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
}

/** A format that a name promises, and that is never written. */
export function promisedFormatOf(path: string): string | null {
  const extension = extensionOf(path)
  if (OTHER_ARCHIVES.has(extension)) return `.${extension}`
  return formatNamed(extension, 'container')?.label ?? null
}

/** What is to be written under a name. */
export function conversionTargetOf(path: string): ConversionTarget {
  const extension = extensionOf(path)
  return CONVERSION_TARGETS.find(({ extensions }) => extensions.includes(extension)) ?? targetNamed('plain')
}

/**
 * What becomes of an image under a name, where nobody says how. Under the name of a file system it is its blocks, if they
 * are of that file system and nothing else.
 */
export function conversionOf(info: Facts, path: string): Conversion {
  if (promisedFormatOf(path) !== null) return 'none'
  const source = conversionSourceOf(info)
  const target = conversionTargetOf(path)
  if (target.id !== 'plain') return target.of[source]
  const own = fileSystemNamed(path)
  if (own === null) return target.of[source]
  return (source === 'files' || source === 'disk') && info.views.some(({ kind }) => kind === own.id) ? 'blocks' : 'none'
}

/** The file system whose images are called as a path is; null where no single one's are. */
export function fileSystemNamed(path: string): { id: string; label: string } | null {
  return formatNamed(extensionOf(path), 'file-system')
}

function formatNamed(extension: string, role: 'container' | 'file-system'): { id: string; label: string } | null {
  if (PLAIN_NAMES.has(extension) || CONVERSION_TARGETS.some(({ extensions }) => extensions.includes(extension)))
    return null
  for (const { id, role: own, files } of FORMATS) {
    const named = files.find(({ extensions }) => extensions.includes(extension))
    if (own === role && named !== undefined) return { id, label: named.label }
  }
  return null
}

function targetNamed(id: ConversionTarget['id']): ConversionTarget {
  const found = CONVERSION_TARGETS.find((target) => target.id === id)
  if (found === undefined) throw new RangeError(`There is no target “${id}”.`)
  return found
}
