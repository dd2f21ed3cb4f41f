import {
  Archive,
  Clapperboard,
  Cpu,
  Disc3,
  File,
  FileCode,
  FileText,
  Folder,
  Image,
  Link2,
  Music,
  SquareTerminal,
  Type,
} from '@lucide/vue'
import type { Component } from 'vue'
import { IMAGE_KINDS, type EntryKind } from '../../../src-shared/model'

/** What a file is by its name: enough for an icon, a word and the choice of a preview. */
export type FileKind =
  | 'folder'
  | 'disc'
  | 'image'
  | 'audio'
  | 'video'
  | 'text'
  | 'code'
  | 'document'
  | 'archive'
  | 'program'
  | 'font'
  | 'link'
  | 'special'
  | 'file'

const EXTENSIONS: Record<Exclude<FileKind, 'folder' | 'link' | 'special' | 'file'>, string> = {
  // Disc and disk images that are not read have the icon all the same.
  disc: `${IMAGE_KINDS.join(' ')} isz chd vhd vhdx qcow2 vmdk vdi`,
  image: 'png apng jpg jpeg gif webp avif bmp ico svg tif tiff psd heic cr2 nef',
  audio: 'mp3 m4a aac ogg oga opus flac wav wma aiff mid midi cda',
  video: 'mp4 m4v mov webm ogv mkv avi mpg mpeg wmv vob ts m2ts flv',
  text: 'txt md markdown log nfo diz readme asc csv tsv srt 1st me',
  code: 'c h cpp hpp cs java js mjs ts tsx jsx vue py rb rs go sh bash bat cmd ps1 pl php lua html htm xml xhtml css json yaml yml toml ini cfg conf inf reg sql diff patch cmake mk desktop service',
  document: 'pdf doc docx odt rtf xls xlsx ods ppt pptx odp epub chm hlp ps djvu tex',
  archive: 'zip 7z rar gz tgz bz2 xz zst tar cab lzh arj deb rpm jar apk squashfs wim esd sfs cpio udeb lz4',
  program: 'exe com dll sys efi msi so elf bin32 appimage run app scr drv ocx vxd',
  font: 'ttf otf woff woff2 fon pfb',
}

const BY_EXTENSION = new Map<string, FileKind>(
  Object.entries(EXTENSIONS).flatMap(([kind, list]) => list.split(' ').map((one) => [one, kind as FileKind] as const)),
)

const ICONS: Record<FileKind, Component> = {
  folder: Folder,
  disc: Disc3,
  image: Image,
  audio: Music,
  video: Clapperboard,
  text: FileText,
  code: FileCode,
  document: FileText,
  archive: Archive,
  program: SquareTerminal,
  font: Type,
  link: Link2,
  special: Cpu,
  file: File,
}

export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase()
}

/** Of a sector with everything around its user data, in bytes: what a `.bin` of a CD is made of. */
const RAW_SECTORS = [2352, 2336, 2448]

function isOfSectors(byteLength: number): boolean {
  return byteLength > 0 && RAW_SECTORS.some((length) => byteLength % length === 0)
}

/** @param byteLength where it is known: firmware and much else is called `.bin` as well */
export function fileKindOf({
  name,
  kind,
  byteLength,
}: {
  name: string
  kind: EntryKind
  byteLength?: number
}): FileKind {
  switch (kind) {
    case 'directory':
      return 'folder'
    case 'symlink':
      return 'link'
    case 'file':
      if (byteLength !== undefined && /\.bin$/i.test(name) && !isOfSectors(byteLength)) return 'file'
      return (
        BY_EXTENSION.get(extensionOf(name)) ??
        (/^(readme|license|licence|copying|copyright|changelog|changes|install|authors|news|todo|notice)$/i.test(name)
          ? 'text'
          : 'file')
      )
    default:
      return 'special'
  }
}

export function iconOf(kind: FileKind): Component {
  return ICONS[kind]
}
