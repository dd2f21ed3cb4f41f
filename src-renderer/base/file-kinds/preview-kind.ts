import type { FileKind } from './kinds'
import { extensionOf } from './kinds'
import { isListable } from './listable'

export type PreviewKind = 'text' | 'page' | 'pdf' | 'archive' | 'hex' | 'picture' | 'audio' | 'video'

/** What a browser shows by itself, without running anything. */
const PICTURES = new Set('png apng jpg jpeg gif webp avif bmp ico svg'.split(' '))
const SOUNDS = new Set('mp3 m4a aac ogg oga opus flac wav'.split(' '))
const FILMS = new Set('mp4 m4v mov webm ogv mkv'.split(' '))

/** What browsers have no decoder for. */
const NEVER_SHOWN = {
  picture: new Set('tif tiff heic heif jp2 psd xcf pcx tga'.split(' ')),
  audio: new Set('wma aif aiff au mid midi ape wv dsf'.split(' ')),
  video: new Set('avi vob mpg mpeg m2v m2ts mts wmv asf flv rm rmvb divx hevc h265 265 h264 264'.split(' ')),
} as const
export type Media = keyof typeof NEVER_SHOWN

/** What a file is that nothing here can show, by its name; null for all others. */
export function undecodable(name: string): Media | null {
  const extension = extensionOf(name)
  for (const media of ['picture', 'audio', 'video'] as const) if (NEVER_SHOWN[media].has(extension)) return media
  return null
}

/** Whether a file is a text with a layout of its own. */
export function isPage(name: string): boolean {
  return /\.(md|markdown)$/i.test(name)
}

export function isPdf(name: string): boolean {
  return extensionOf(name) === 'pdf'
}

/** The preview to begin with for a file of that name and kind. */
export function previewKindOf(name: string, kind: FileKind): PreviewKind {
  const extension = extensionOf(name)
  if (PICTURES.has(extension)) return 'picture'
  if (SOUNDS.has(extension)) return 'audio'
  if (FILMS.has(extension)) return 'video'
  if (isPdf(name)) return 'pdf'
  if (isListable(name)) return 'archive'
  if (isPage(name)) return 'page'
  // What no name tells may be a text: the preview of texts looks, and leaves everything else to that of bytes.
  return kind === 'text' || kind === 'code' || kind === 'file' ? 'text' : 'hex'
}
