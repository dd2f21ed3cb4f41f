import type { VolumeFacts } from '../../../src-shared/model'
import type { AuthorOptions } from '../options'

/** What a volume says of itself. */
export interface VolumeTexts extends VolumeFacts {
  label: string
}

/** A text of a volume that is another in one of its descriptors than it was given. */
export interface TextChange {
  field: keyof VolumeTexts
  /** The view's kind: `iso9660`, `enhanced`, `joliet`. */
  tree: string
  /** As it stands there. */
  text: string
  reason: 'characters' | 'length'
}

/** How many bytes each has (ECMA-119 8.4). */
export const TEXT_BYTES: Record<keyof VolumeTexts, number> = {
  label: 32,
  systemId: 32,
  volumeSetId: 128,
  publisher: 128,
  preparer: 128,
  application: 128,
  copyrightFile: 37,
  abstractFile: 37,
  bibliographicFile: 37,
}
const FIELDS = Object.keys(TEXT_BYTES) as (keyof VolumeTexts)[]
const FILE_FIELDS: readonly (keyof VolumeTexts)[] = ['copyrightFile', 'abstractFile', 'bibliographicFile']

/** ECMA-119 7.4 has fewer; everybody writes all of ASCII, and systems look for labels with small letters and hyphens. */
const NOT_ASCII = /[^\x20-\x7e]/gu
/** Names of files are recorded as files are. */
const NOT_IN_FILE_NAMES = /[^A-Z0-9_.;]/gu

/**
 * The texts as one descriptor holds them, and which of them are others than they were given. What an image has had there
 * before (`asRecorded`) stays without a word.
 */
export function volumeTexts(
  kind: 'primary' | 'joliet' | 'enhanced',
  options: AuthorOptions,
): { texts: VolumeTexts; changes: TextChange[] } {
  const texts = {} as VolumeTexts
  const changes: TextChange[] = []
  for (const field of FIELDS) {
    const given = options[field]
    const isRecorded = options.asRecorded.includes(field)
    const written = kind === 'joliet' || isRecorded ? given : inAscii(given, field)
    const text = cut(written, Math.floor(TEXT_BYTES[field] / (kind === 'joliet' ? 2 : 1)))
    texts[field] = text
    if (text === given || isRecorded) continue
    const tree = kind === 'primary' ? 'iso9660' : kind
    changes.push({ field, tree, text, reason: written === given ? 'length' : 'characters' })
  }
  return { texts, changes }
}

function inAscii(text: string, field: keyof VolumeTexts): string {
  return FILE_FIELDS.includes(field)
    ? text.toUpperCase().replace(NOT_IN_FILE_NAMES, '_')
    : text.normalize('NFC').replace(NOT_ASCII, '_')
}

/** Never half of a surrogate pair. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}
