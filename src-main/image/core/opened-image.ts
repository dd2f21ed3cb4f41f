import {
  because,
  type BootEntry,
  type Completeness,
  type Diagnostic,
  type ImageInfo,
  type ViewInfo,
  type VolumeDates,
  type VolumeFacts,
} from '../../../src-shared/model'
import type { ByteSource } from './byte-source'
import type { ContainerSum } from './container-sum'
import type { DiagnosticLog } from './diagnostic-log'
import type {
  DiscImage,
  ImageLimits,
  ImageView,
  LocatedEntry,
  PlainImage,
  ReadTreeOptions,
  VolumePlace,
} from './disc-image'
import type { EntryTable } from './entry-table'
import { isTree, ViewRank, type FoundView } from './found-view'
import type { PieceList } from './piece-list'
import { TreeWalker } from './tree-walker'

/** Installers that store equal files once come to a handful. */
const OVERLAP_LIMIT = 32

/** Enough of a root to tell which of two trees is fuller, when millions lie in it. */
const ROOT_LIMIT = 4096

export interface FoundImage extends VolumeFacts {
  name: string
  source: ByteSource
  blocks: ByteSource
  /** What `convert` writes. */
  plain: () => Promise<PlainImage>
  containers: string[]
  containerSums: readonly ContainerSum[]
  containerDamage: readonly Diagnostic[]
  /** As `DiscImage.volumeEnd`. */
  volumeEnd: number
  /** As `DiscImage.readPieces`. */
  pieces: () => Promise<PieceList | null>
  label: string
  dates: VolumeDates
  completeness: Completeness
  boot: BootEntry[]
  views: FoundView[]
  log: DiagnosticLog
  limits: ImageLimits
  charset: string | undefined
  listsStreams?: boolean | undefined
}

/** The image as the engine sees it. */
export class OpenedImage implements DiscImage {
  private readonly views = new Map<string, OpenedView>()

  constructor(private readonly found: FoundImage) {
    for (const view of found.views) {
      const opened = new OpenedView(view, found)
      for (const id of [view.info.id, ...(view.aliases ?? [])]) this.views.set(id, opened)
    }
  }

  /** Settles which view is shown first; see docs/formats.md for the rule. */
  async chooseDefault(): Promise<void> {
    const [best] = this.found.views
    if (best === undefined) return
    let chosen = await this.fullerSide(best)
    if (isTree(chosen) && (await this.countRoot(chosen)) <= 0) chosen = await this.fullest(chosen)
    await this.reportPassedOver(best, chosen)
    for (const view of this.found.views) view.info.isDefault = view === chosen
    this.damage = [...this.found.log.costs]
  }

  /** Which tree would have been shown if its root were whole: the best one, or a bridge's side that tells more. */
  private async reportPassedOver(best: FoundView, chosen: FoundView): Promise<void> {
    for (const view of this.found.views) {
      if (view === chosen || !isTree(view)) continue
      const isSide = view.rank === ViewRank.tree && view.detail !== null && view.fileSystem !== chosen.fileSystem
      if (view !== best && !(isSide && (view.detail ?? 0) > (chosen.detail ?? Infinity))) continue
      if (!(await this.hasLost(view, chosen))) continue
      this.found.log.damage(
        'DEFAULT_TREE_DAMAGED',
        `The root of the ${view.info.label} tree is damaged; the ${chosen.info.label} tree is shown instead.`,
        undefined,
        because('treeReplaced', { damaged: view.info.label, shown: chosen.info.label }),
      )
      return
    }
  }

  /** Whether it is damage that makes a tree list less than the chosen one. */
  private async hasLost(view: FoundView, chosen: FoundView): Promise<boolean> {
    const count = await this.countRoot(view)
    if (count < 0) return true
    if (count >= (await this.countRoot(chosen))) return false
    return (await this.views.get(view.info.id)?.isRootDamaged()) === true
  }

  /** Of a bridge, whose sides describe the same files: the one that lists more, or tells more of as many. */
  private async fullerSide(best: FoundView): Promise<FoundView> {
    let chosen = best
    for (const view of this.found.views) {
      if (view.rank !== ViewRank.tree || view.fileSystem === chosen.fileSystem) continue
      if (view.detail === null || chosen.detail === null) continue
      // Other partitions hold other files.
      if (view.volume.byteOffset !== chosen.volume.byteOffset) continue
      const difference = (await this.countRoot(view)) - (await this.countRoot(chosen))
      if (difference > 0 || (difference === 0 && view.detail > chosen.detail)) chosen = view
    }
    return chosen
  }

  /** The best tree is damaged or empty: whichever other one lists more is worth more. */
  private async fullest(best: FoundView): Promise<FoundView> {
    let chosen = best
    let most = 0
    for (const view of this.found.views) {
      if (!isTree(view) || view.info.id.includes('@')) continue
      const count = await this.countRoot(view)
      if (count > most) {
        chosen = view
        most = count
      }
    }
    return chosen
  }

  /** Negative where it is damaged. */
  private async countRoot(view: FoundView): Promise<number> {
    return (await this.views.get(view.info.id)?.countRoot()) ?? 0
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
      volumeSetId: found.volumeSetId,
      copyrightFile: found.copyrightFile,
      abstractFile: found.abstractFile,
      bibliographicFile: found.bibliographicFile,
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

  get containerSums(): readonly ContainerSum[] {
    return this.found.containerSums
  }

  get containerDamage(): readonly Diagnostic[] {
    return this.found.containerDamage
  }

  get sumsThatFit(): DiscImage['sumsThatFit'] {
    return this.found.log.fitting
  }

  get volumeEnd(): number {
    return this.found.volumeEnd
  }

  readPieces(): Promise<PieceList | null> {
    return this.found.pieces()
  }

  get blocks(): ByteSource {
    return this.found.blocks
  }

  plain(): Promise<PlainImage> {
    return this.found.plain()
  }

  hasView(id: string): boolean {
    return this.views.has(id)
  }

  view(id: string): ImageView {
    const view = this.views.get(id)
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
    // Unpacked, no format here describes an entry in fewer than sixteen bytes: more of them are made of the same bytes.
    const most = found.entryLimit ?? Math.floor(image.blocks.byteLength / 16) + 1024
    const limits = { ...image.limits, entryCount: Math.min(image.limits.entryCount, most) }
    const { log, listsStreams } = image
    this.walker = new TreeWalker(found.openTree, { log, limits, charset: found.charset, listsStreams })
  }

  get info(): ViewInfo {
    return this.found.info
  }

  get volume(): VolumePlace {
    return this.found.volume
  }

  get mayShareFiles(): boolean {
    return this.found.mayShareFiles
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

  readFolder(path: string): Promise<EntryTable | null> {
    return this.walker.listDirectory(path)
  }

  countRoot(): Promise<number> {
    return this.walker.countRoot(ROOT_LIMIT)
  }

  isRootDamaged(): Promise<boolean> {
    return this.walker.isRootDamaged(ROOT_LIMIT)
  }
}
