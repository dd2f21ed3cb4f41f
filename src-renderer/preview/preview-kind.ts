import type { FileKind } from '../panes/kinds'
import { extensionOf } from '../panes/kinds'
import { isListable } from './listable'

export type PreviewKind = 'text' | 'page' | 'pdf' | 'archive' | 'hex' | 'picture' | 'audio' | 'video'

/** What a browser shows by itself, without running anything. */
const PICTURES = new Set('png apng jpg jpeg gif webp avif bmp ico svg'.split(' '))
const SOUNDS = new Set('mp3 m4a aac ogg oga opus flac wav'.split(' '))
const FILMS = new Set('mp4 m4v mov webm ogv mkv'.split(' '))

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
  return kind === 'text' || kind === 'code' ? 'text' : 'hex'
}
