import { ByteReader, matchesAscii } from '../byte-reader'
import type { ByteSource } from '../byte-source'
import { decodeUtf8, detectCharset, nameDecoder } from '../charset'
import type { DiagnosticLog } from '../diagnostic-log'
import { NotAnImageError, type OpenImageOptions, type SiblingOpener } from '../disc-image'
import { readCloneCd } from './clone-cd'
import { openCompressedBlocks } from './compressed-blocks'
import { baseName, openCueSheet, parseCueSheet, type CueTrack } from './cue-sheet'
import { DiscSource, type DiscLayout } from './disc-layout'
import { mediaDescriptorFileName, readMediaDescriptor } from './media-descriptor'
import { neroChunkOffset, readNero } from './nero'
import { TolerantSource } from '../source/tolerant-source'
import { detectSectorLayout, layoutLabel, RawSectorSource } from './raw-sectors'
import { openParts } from './split'
import { detectStream, unpackStream } from './stream'

/** Containers in containers: a compressed image of raw sectors is two deep. */
const DEPTH_LIMIT = 4
/** Tables of contents are text of a few kilobytes. */
const TEXT_LIMIT = 1 << 20

export interface Unwrapped {
  /** The disc as blocks of user data. */
  blocks: ByteSource
  /** Outermost first. */
  containers: string[]
  /** What a table of contents says; null where there is none. */
  layout: DiscLayout | null
}

/** Undoes whatever lies around the blocks of a disc. */
export async function unwrap(source: ByteSource, options: OpenImageOptions, log: DiagnosticLog): Promise<Unwrapped> {
  const containers: string[] = []
  let current = source
  let name = options.name
  for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
    const start = await new TolerantSource(current, log).read(0, 64)
    const stream = detectStream(start)
    if (stream !== null) {
      current = await unpackStream(current, stream, { ...options, name })
      containers.push(stream)
      name = name.replace(/\.(gz|xz|zst|bz2)$/i, '')
      continue
    }
    const isCompressed = matchesAscii(start, 0, 'CISO') || matchesAscii(start, 0, 'ZISO')
    const compressed = isCompressed ? await openCompressedBlocks(current) : null
    if (compressed !== null) {
      current = compressed
      containers.push(compressed.format === 'ziso' ? 'zso' : compressed.format === 'ciso2' ? 'cso-2' : 'cso')
      continue
    }
    const parts =
      containers.includes('split') || options.openSibling === undefined
        ? null
        : await openParts(current, name, options.openSibling)
    if (parts !== null) {
      current = parts
      containers.push('split')
      continue
    }
    break
  }
  const disc = await readTableOfContents(current, name, options, log)
  if (disc !== null) {
    containers.push(disc.kind)
    const raw = disc.layout.tracks.find((track) => track.layout.stride !== 2048)
    if (raw !== undefined) containers.push(layoutLabel(raw.layout))
    return { blocks: new DiscSource(disc.layout), containers, layout: disc.layout }
  }
  const layout = await detectSectorLayout(new TolerantSource(current, log))
  if (layout !== null) {
    containers.push(layoutLabel(layout))
    return { blocks: new RawSectorSource(current, layout), containers, layout: null }
  }
  if (containers.length === 0) containers.push('plain')
  return { blocks: current, containers, layout: null }
}

interface FoundLayout {
  kind: string
  layout: DiscLayout
}

async function readTableOfContents(
  source: ByteSource,
  name: string,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<FoundLayout | null> {
  const probe = new TolerantSource(source, log)
  const nero = await neroChunkOffset(probe)
  if (nero >= 0) return withTracks('nrg', await readNero(source, nero))
  const start = await probe.read(0, 512)
  if (matchesAscii(start, 0, 'MEDIA DESCRIPTOR')) return readMds(source, name, options)
  if (source.byteLength <= TEXT_LIMIT && !start.includes(0)) {
    const found = await readTextSheet(source, name, options, log)
    if (found !== null) return found
  }
  return readSheetBeside(source, name, options, log)
}

async function readTextSheet(
  source: ByteSource,
  name: string,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<FoundLayout | null> {
  const bytes = await source.read(0, TEXT_LIMIT)
  const text = decodeText(bytes)
  if (/^\s*\[CloneCD\]/i.test(text)) {
    const image = await sibling(options, `${withoutExtension(name)}.img`)
    return withTracks('ccd', readCloneCd(text, image))
  }
  const tracks = parseCueSheet(text)
  if (tracks.length === 0) return null
  const missing: string[] = []
  const layout = await openCueSheet(tracks, siblingOfSheet(options, name, tracks), (file) => missing.push(file))
  for (const file of missing) log.damage('TRACK_FILE_MISSING', `The cue sheet's file “${file}” is missing.`)
  if (layout.tracks.length === 0) throw missingSibling(name, missing[0] ?? '')
  return withTracks('cue', layout)
}

/** Where a sheet names one file and that was renamed along with the sheet, it is found by the sheet's own name. */
function siblingOfSheet(options: OpenImageOptions, name: string, tracks: readonly CueTrack[]): SiblingOpener {
  const isAlone = new Set(tracks.map((track) => track.file)).size === 1
  return async (file) => {
    const open = options.openSibling
    if (open === undefined) return null
    const found = await open(file)
    if (found !== null || !isAlone) return found
    for (const extension of ['bin', 'img', 'iso']) {
      const renamed = await open(`${withoutExtension(name)}.${extension}`)
      if (renamed !== null) return renamed
    }
    return null
  }
}

/** A sheet of the same name beside the data file that was opened, which knows more than the file does. */
async function readSheetBeside(
  source: ByteSource,
  name: string,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<FoundLayout | null> {
  const extension = /\.(bin|img|mdf)$/i.exec(name)?.[1]?.toLowerCase()
  if (extension === undefined || options.openSibling === undefined) return null
  const openSibling = options.openSibling
  const base = withoutExtension(name)
  // The data file is open already; another handle on it would only have to be closed again.
  const openOther = async (other: string): Promise<ByteSource | null> =>
    baseName(other).toLowerCase() === name.toLowerCase() ? source : openSibling(other)
  for (const [forExtension, sheetExtension] of [
    ['bin', 'cue'],
    ['img', 'ccd'],
    ['img', 'cue'],
    ['mdf', 'mds'],
  ] as const) {
    if (forExtension !== extension) continue
    const sheet = await openSibling(`${base}.${sheetExtension}`)
    if (sheet === null) continue
    try {
      const bytes = await sheet.read(0, TEXT_LIMIT)
      if (sheetExtension === 'mds') {
        const reader = new ByteReader(bytes)
        if (reader.matches(0, 'MEDIA DESCRIPTOR')) return withTracks('mds', readMediaDescriptor(reader, source))
      } else if (sheetExtension === 'ccd') {
        return withTracks('ccd', readCloneCd(decodeText(bytes), source))
      } else {
        const tracks = parseCueSheet(decodeText(bytes))
        // A sheet for other files says nothing about this one.
        if (!tracks.some((track) => baseName(track.file).toLowerCase() === name.toLowerCase())) continue
        const layout = await openCueSheet(tracks, openOther, (file) =>
          log.damage('TRACK_FILE_MISSING', `The cue sheet's file “${file}” is missing.`),
        )
        return withTracks('cue', layout)
      }
    } finally {
      await sheet.close()
    }
  }
  return null
}

async function readMds(source: ByteSource, name: string, options: OpenImageOptions): Promise<FoundLayout | null> {
  const reader = new ByteReader(await source.read(0, TEXT_LIMIT))
  const data = await sibling(options, baseName(mediaDescriptorFileName(reader, name)))
  return withTracks('mds', readMediaDescriptor(reader, data))
}

async function sibling(options: OpenImageOptions, name: string): Promise<ByteSource> {
  const found = await options.openSibling?.(name)
  if (found === undefined || found === null) throw missingSibling(options.name, name)
  return found
}

function missingSibling(name: string, other: string): NotAnImageError {
  return new NotAnImageError('NOTHING_READABLE', `“${name}” describes the disc in “${other}”, which is not beside it.`)
}

function withTracks(kind: string, layout: DiscLayout): FoundLayout | null {
  return layout.tracks.length === 0 ? null : { kind, layout }
}

function withoutExtension(name: string): string {
  return name.replace(/\.[^.]*$/, '')
}

/** Sheets are in whatever their writer's system spoke, and name files in it. */
function decodeText(bytes: Uint8Array): string {
  return (decodeUtf8(bytes) ?? nameDecoder(detectCharset([bytes]))(bytes)).replace(/^\uFEFF/, '')
}
