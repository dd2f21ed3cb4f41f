import type { ViewInfo } from '../../../src-shared/model'
import type { DiagnosticLog } from './diagnostic-log'
import type { VolumePlace } from './disc-image'
import type { TreeReader } from './tree-reader'

/** In which order views are offered. */
export const ViewRank = { tree: 0, session: 1, boot: 2, partitions: 3, tracks: 4 } as const
export type ViewRank = (typeof ViewRank)[keyof typeof ViewRank]

/** One tree found while opening, before anybody reads it. */
export interface FoundView {
  info: ViewInfo
  rank: ViewRank
  /** The file system and the volume that it was found in; empty for lists of parts. */
  fileSystem: string
  volume: VolumePlace
  /**
   * How much the tree tells of each file, for bridges that describe the same files twice: of equally full trees the one
   * that tells more is shown. Null for trees that are not compared with others.
   */
  detail: number | null
  /** Its files may be those of the volume around the one it lies in, as in Apple's hybrids: the trees are compared. */
  mayShareFiles: boolean
  /** Other ids that it answers to. */
  aliases?: readonly string[]
  /** @param log what this walk meets is told to it */
  openTree: (log: DiagnosticLog) => TreeReader
  /**
   * How many entries its structures have room for. Only of formats that pack their structures: what the others have room
   * for follows from the length of the image.
   */
  entryLimit?: number | undefined
  /** An encoding for its names that somebody chose; undefined where names need none, or leave it to be detected. */
  charset: string | undefined
}

/** What a driver says of a view; the rest is the same for all. */
export interface ViewDescription extends Pick<ViewInfo, 'kind' | 'label' | 'format'> {
  id?: string
  volumeName?: string
  rank?: ViewRank
  detail?: number | null
  mayShareFiles?: boolean
  aliases?: readonly string[]
  charset?: string | undefined
  entryLimit?: number
  openTree: FoundView['openTree']
}

/** A view as a driver describes it. Its id is its kind, unless another is named. */
export function foundView(view: ViewDescription): FoundView {
  const { kind, label, format, openTree } = view
  return {
    info: {
      id: view.id ?? kind,
      kind,
      label,
      format,
      volumeName: view.volumeName ?? '',
      entryCount: null,
      isDefault: false,
    },
    rank: view.rank ?? ViewRank.tree,
    fileSystem: '',
    volume: { byteOffset: 0, byteEnd: 0 },
    detail: view.detail ?? null,
    mayShareFiles: view.mayShareFiles ?? false,
    aliases: view.aliases,
    openTree,
    entryLimit: view.entryLimit,
    charset: view.charset,
  }
}

/** Whether a view is a tree of folders, not a list of parts (boot images, partitions, tracks). */
export function isTree(view: FoundView): boolean {
  return view.rank <= ViewRank.session
}
