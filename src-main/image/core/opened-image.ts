import type { BootEntry, Completeness, Diagnostic, ImageInfo, ViewInfo, VolumeDates } from '../../../src-shared/model'
import type { ByteSource } from './byte-source'
import type { DiagnosticLog } from './diagnostic-log'
import type {
  DiscImage,
  ImageLimits,
  ImageView,
  LocatedEntry,
  NamedStream,
  PlainImage,
  ReadTreeOptions,
} from './disc-image'
import type { EntryTable } from './entry-table'
import type { TreeReader } from './tree-reader'
import { TreeWalker } from './tree-walker'

/** Installers that store equal files once come to a handful. */
const OVERLAP_LIMIT = 32

/** Enough of a root to tell which of two trees is fuller, when millions lie in it. */
const ROOT_LIMIT = 4096

/** One tree found while opening, before anybody reads it. */
export interface FoundView {
  info: ViewInfo
  /** @param log what this walk meets is told to it */
  openTree: (log: DiagnosticLog) => TreeReader
  charset: string | undefined
}

export interface FoundImage {
  name: string
  source: ByteSource
  blocks: ByteSource
  /** What `convert` writes. */
  plain: () => Promise<PlainImage>
  containers: string[]
  label: string
  systemId: string
  publisher: string
  preparer: string
  application: string
  dates: VolumeDates
  completeness: Completeness
  boot: BootEntry[]
  views: FoundView[]
  /** The number of the session that is shown first; 0 where there is just one. */
  session: number
  log: DiagnosticLog
  limits: ImageLimits
  charset: string | undefined
}

/** The image as the engine sees it. */
export class OpenedImage implements DiscImage {
  private readonly views = new Map<string, OpenedView>()

  constructor(private readonly found: FoundImage) {
    for (const view of found.views) this.views.set(view.info.id, new OpenedView(view, found))
  }

  /** Settles which view is shown first; see docs/formats.md for the rule. */
  async chooseDefault(): Promise<void> {
    const { views } = this.found
    let chosen = views[0]
    const udf = this.views.get('udf')
    if (udf !== undefined && chosen !== undefined && chosen.info.id !== 'udf') {
      const own = this.views.get(chosen.info.id)
      const difference = (await udf.countRoot()) - ((await own?.countRoot()) ?? 0)
      // Rock Ridge has what UDF has, and owners besides; Joliet and plain names have less.
      if (difference > 0 || (difference === 0 && chosen.info.kind !== 'rock-ridge')) {
        chosen = views.find((view) => view.info.id === 'udf') ?? chosen
      }
    }
    if (
      chosen !== undefined &&
      isDirectoryTree(chosen) &&
      ((await this.views.get(chosen.info.id)?.countRoot()) ?? 0) <= 0
    ) {
      // The best tree is damaged or empty: whichever other one lists more is worth more.
      let most = 0
      for (const view of views) {
        if (!isDirectoryTree(view) || view.info.id.includes('@')) continue
        const count = (await this.views.get(view.info.id)?.countRoot()) ?? 0
        if (count > most) {
          chosen = view
          most = count
        }
      }
    }
    const [best] = views
    if (best !== undefined && chosen !== undefined && chosen !== best && chosen.info.kind !== 'udf') {
      const count = (await this.views.get(best.info.id)?.countRoot()) ?? 0
      if (isDirectoryTree(best) && count < 0)
        this.found.log.damage(
          'DEFAULT_TREE_DAMAGED',
          `The root of the ${best.info.label} tree is damaged; the ${chosen.info.label} tree is shown instead.`,
        )
    }
    for (const view of views) view.info.isDefault = view === chosen
    this.damage = [...this.found.log.costs]
  }

  get info(): ImageInfo {
    const { found } = this
    return {
      name: found.name,
      byteLength: found.source.byteLength,
      label: found.views.find((view) => view.info.isDefault)?.info.volumeName ?? found.label,
      containers: found.containers,
      systemId: found.systemId,
      publisher: found.publisher,
      preparer: found.preparer,
      application: found.application,
      dates: found.dates,
      views: found.views.map((view) => view.info),
      defaultViewId: found.views.find((view) => view.info.isDefault)?.info.id ?? '',
      completeness: found.completeness,
      boot: found.boot,
      diagnostics: found.log.entries,
    }
  }

  get diagnostics(): ImageInfo['diagnostics'] {
    return this.found.log.entries
  }

  damage: readonly Diagnostic[] = []

  get blocks(): ByteSource {
    return this.found.blocks
  }

  plain(): Promise<PlainImage> {
    return this.found.plain()
  }

  view(id: string): ImageView {
    const { session } = this.found
    // The default session answers to its number as well as to the plain name.
    const plain = session > 0 && id.endsWith(`@${session}`) ? id.slice(0, id.indexOf('@')) : id
    const view = this.views.get(plain)
    if (view === undefined) throw new RangeError(`This image has no view “${id}”.`)
    return view
  }

  async close(): Promise<void> {
    await this.found.blocks.close()
  }
}

class OpenedView implements ImageView {
  private readonly walker: TreeWalker

  constructor(
    private readonly found: FoundView,
    private readonly image: FoundImage,
  ) {
    // No format describes an entry in fewer than sixteen bytes: more of them than that are made of the same bytes.
    const most = Math.floor(image.blocks.byteLength / 16) + 1024
    const limits = { ...image.limits, entryCount: Math.min(image.limits.entryCount, most) }
    this.walker = new TreeWalker(found.openTree, { log: image.log, limits, charset: found.charset })
  }

  get info(): ViewInfo {
    return this.found.info
  }

  async readTree(options: ReadTreeOptions = {}): Promise<EntryTable> {
    const table = await this.walker.readTree(options)
    if ((options.from ?? '') === '') {
      this.found.info.entryCount = table.length - 1
      this.warnOfOverlap(table)
    }
    return table
  }

  /** Files may share their content, as hard links do; a few bytes shared a thousand times are a bomb. */
  private warnOfOverlap(table: EntryTable): void {
    const { log, blocks } = this.image
    let total = 0
    for (let index = 1; index < table.length; index++) {
      if (table.discPositionOf(index) < blocks.byteLength) total += table.byteLengthOf(index)
    }
    if (total <= blocks.byteLength * OVERLAP_LIMIT) return
    const times = Math.round(total / blocks.byteLength)
    log.warn('FILES_OVERLAP', `The files add up to ${times} times the size of the image: they share their content.`)
  }

  lookup(path: string): Promise<LocatedEntry | null> {
    return this.walker.lookup(path)
  }

  countRoot(): Promise<number> {
    return this.walker.countRoot(ROOT_LIMIT)
  }

  readStreams(path: string): Promise<NamedStream[]> {
    return this.walker.streams(path)
  }
}

function isDirectoryTree(view: FoundView): boolean {
  return !['boot', 'partitions', 'tracks'].includes(view.info.kind)
}
