import { ByteReader, matchesAscii } from '../byte-reader'
import type { ByteSource } from '../byte-source'
import type { DiagnosticLog } from '../diagnostic-log'
import { NotAnImageError, type OpenImageOptions, type SiblingOpener } from '../disc-image'
import { TolerantSource } from '../source/tolerant-source'
import { openToc, parseToc } from './cdrdao-toc'
import { readCloneCd } from './clone-cd'
import { openCueSheet, parseCueSheet } from './cue-sheet'
import type { DiscLayout } from './disc-layout'
import { openGdi, parseGdi } from './gdi-sheet'
import { readMediaDescriptor } from './media-descriptor'
import { neroChunkOffset, readNero } from './nero'
import { SheetFiles } from './sheet-files'
import { ConcatSource } from './split'
import { baseName, decodeSheet, mayBeText, withoutExtension } from './sheet-text'

/** Tables of contents are text of a few kilobytes. */
const TEXT_LIMIT = 1 << 20
/** The largest disc there is (BDXL, 128 GB) has fewer sectors. */
const SECTOR_LIMIT = 1 << 26

export interface FoundLayout {
  kind: string
  layout: DiscLayout
}

/** A kind of sheet that is text. */
interface TextSheet {
  kind: string
  /** Endings of the data files beside which it is looked for. */
  dataExtensions: readonly string[]
  /** Null where the text is no such sheet. Files that it names are opened through `files`. */
  read: (text: string, files: SheetFiles) => Promise<DiscLayout | null>
}

const TEXT_SHEETS: readonly TextSheet[] = [
  {
    kind: 'ccd',
    dataExtensions: ['img'],
    read: async (text, files) => {
      if (!/^\s*\[CloneCD\]/i.test(text)) return null
      const image = await files.open(`${withoutExtension(files.sheet)}.img`)
      return image === null ? { tracks: [], sources: [] } : readCloneCd(text, image)
    },
  },
  {
    kind: 'toc',
    dataExtensions: ['bin'],
    read: async (text, files) => {
      const tracks = parseToc(text)
      return tracks.length === 0 ? null : openToc(tracks, files)
    },
  },
  {
    kind: 'gdi',
    dataExtensions: ['bin'],
    read: async (text, files) => {
      const tracks = parseGdi(text)
      return tracks.length === 0 ? null : openGdi(tracks, files)
    },
  },
  {
    kind: 'cue',
    dataExtensions: ['bin', 'img'],
    read: async (text, files) => {
      const tracks = parseCueSheet(text)
      return tracks.length === 0 ? null : openCueSheet(tracks, files)
    },
  },
]

/** What a table of contents says about a disc: in the file itself, or in one of the same name beside it. */
export async function readTableOfContents(
  source: ByteSource,
  name: string,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<FoundLayout | null> {
  const probe = new TolerantSource(source, log)
  const nero = await neroChunkOffset(probe)
  if (nero >= 0) return withTracks('nrg', await readNero(source, nero, log))
  const start = await probe.read(0, 512)
  if (matchesAscii(start, 0, 'MEDIA DESCRIPTOR')) return readMds(source, name, options, log)
  if (source.byteLength <= TEXT_LIMIT && mayBeText(start)) {
    const found = await readTextSheet(decodeSheet(await source.read(0, TEXT_LIMIT)), name, options, log)
    if (found !== null) return found
  }
  return readSheetBeside(source, name, options, log)
}

const NOTHING_BESIDE: SiblingOpener = () => Promise.resolve(null)

async function readTextSheet(
  text: string,
  name: string,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<FoundLayout | null> {
  const files = new SheetFiles(name, options.openSibling ?? NOTHING_BESIDE, log)
  try {
    for (const { kind, read } of TEXT_SHEETS) {
      const layout = await read(text, files)
      if (layout === null) continue
      if (layout.tracks.length === 0 && files.missing.length > 0) throw missingSibling(name, files.missing)
      tellMissing(files, log)
      return withTracks(kind, layout)
    }
    return null
  } catch (error) {
    await files.close()
    throw error
  }
}

/** A sheet of the same name beside the data file that was opened, which knows more than the file does. */
async function readSheetBeside(
  source: ByteSource,
  name: string,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<FoundLayout | null> {
  const { openSibling } = options
  const extension = /\.(bin|img|mdf)$/i.exec(name)?.[1]?.toLowerCase()
  if (extension === undefined || openSibling === undefined) return null
  const stem = withoutExtension(name)
  if (extension === 'mdf') {
    const reader = await readBeside(openSibling, `${stem}.mds`)
    if (reader?.matches(0, 'MEDIA DESCRIPTOR') !== true) return null
    const opened = (other: string): Promise<ByteSource | null> =>
      other.toLowerCase() === name.toLowerCase() ? Promise.resolve(source) : openSibling(other)
    const found = await readMdsTracks(reader, `${stem}.mds`, opened, log, source)
    // A descriptor of other files says nothing about this one; its own name may have changed along with this one's.
    return found.layout ?? withTracks('mds', await readMediaDescriptor(reader, name, () => Promise.resolve(source)))
  }
  for (const { kind, dataExtensions, read } of TEXT_SHEETS) {
    if (!dataExtensions.includes(extension)) continue
    const sheet = await readBeside(openSibling, `${stem}.${kind}`)
    if (sheet === null) continue
    const asked = { source: false }
    // The data file is open already; another handle on it would only have to be closed again.
    const files = new SheetFiles(
      `${stem}.${kind}`,
      (other) => {
        if (baseName(other).toLowerCase() !== name.toLowerCase()) return openSibling(other)
        asked.source = true
        return Promise.resolve(source)
      },
      log,
    )
    const layout = await read(decodeSheet(sheet.bytes), files)
    if (layout !== null && asked.source) {
      tellMissing(files, log)
      return withTracks(kind, layout)
    }
    // A sheet for other files says nothing about this one.
    for (const opened of files.sources) if (opened !== source) await opened.close()
  }
  return null
}

async function readBeside(openSibling: SiblingOpener, name: string): Promise<ByteReader | null> {
  const sheet = await openSibling(name)
  if (sheet === null) return null
  try {
    return sheet.byteLength > TEXT_LIMIT ? null : new ByteReader(await sheet.read(0, TEXT_LIMIT))
  } finally {
    await sheet.close()
  }
}

async function readMds(
  source: ByteSource,
  name: string,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<FoundLayout | null> {
  const reader = new ByteReader(await source.read(0, TEXT_LIMIT))
  // Byte 16 is the version: in version 2 the descriptor is encrypted.
  if (reader.u8(16) === 2) {
    throw new NotAnImageError(
      'UNSUPPORTED_CONTAINER',
      `“${name}” is an encrypted media descriptor (MDS version 2, or MDX), which is not supported. Alcohol 120% or DAEMON Tools opens it and can save it as an ISO image.`,
    )
  }
  const { layout, missing } = await readMdsTracks(reader, name, options.openSibling ?? NOTHING_BESIDE, log, null)
  if (layout === null && missing.length > 0) throw missingSibling(name, missing)
  return layout
}

/** The tracks of a media descriptor, whose files may be several, each in one piece or in some. */
async function readMdsTracks(
  reader: ByteReader,
  name: string,
  openSibling: SiblingOpener,
  log: DiagnosticLog,
  kept: ByteSource | null,
): Promise<{ layout: FoundLayout | null; missing: readonly string[] }> {
  const files = new SheetFiles(name, openSibling, log)
  const joined = new Map<string, ByteSource>()
  // A lone data file may have been renamed along with its descriptor; of several, nobody knows which was which.
  const named = new Set<string>()
  await readMediaDescriptor(reader, name, (names) => {
    for (const one of names) named.add(one)
    return Promise.resolve(null)
  })
  const renamed = named.size === 1 ? [`${withoutExtension(name)}.mdf`] : []
  const layout = await readMediaDescriptor(reader, name, async (names) => {
    const parts: ByteSource[] = []
    for (const one of names) {
      const part = await files.open(one, renamed)
      if (part !== null) parts.push(part)
    }
    if (parts.length < names.length) return null
    const [only] = parts
    if (only !== undefined && parts.length === 1) return only
    const key = names.join('/')
    const whole = joined.get(key) ?? new ConcatSource(parts)
    joined.set(key, whole)
    return whole
  })
  if (layout.tracks.length === 0) {
    for (const opened of files.sources) if (opened !== kept) await opened.close()
    return { layout: null, missing: files.missing }
  }
  tellMissing(files, log)
  return { layout: withTracks('mds', { ...layout, sources: files.sources }), missing: files.missing }
}

function tellMissing({ missing, sheet }: SheetFiles, log: DiagnosticLog): void {
  for (const file of missing) log.damage('TRACK_FILE_MISSING', `“${file}”, which “${sheet}” names, is missing.`)
}

function missingSibling(name: string, others: readonly string[]): NotAnImageError {
  const [first = ''] = others
  const more = others.length > 1 ? ` (and ${others.length - 1} more)` : ''
  return new NotAnImageError(
    'NOTHING_READABLE',
    `“${name}” describes the disc in “${first}”${more}, which is not beside it.`,
  )
}

/** Tracks that lie where no disc reaches are a sheet's lies, and would make the disc as long as it says. */
function withTracks(kind: string, layout: DiscLayout): FoundLayout | null {
  const tracks = layout.tracks.filter(({ startSector }) => startSector <= SECTOR_LIMIT)
  return tracks.length === 0 ? null : { kind, layout: { ...layout, tracks } }
}
