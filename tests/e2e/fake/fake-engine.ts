import { readdir, stat, statfs } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import {
  clientMessage,
  commands,
  IsoldeError,
  settingsShape,
  toErrorShape,
  type CommandName,
  type CommandOutput,
  type EngineMessage,
  type FolderRow,
  type LibraryImage,
} from '../../../src-shared/contract'
import { NumberRanges, parseMask, type JobSnapshot } from '../../../src-shared/model'
import { job } from '../window/jobs'
import { comparisonFound, duplicatesFound, fakeLibrary } from './fake-library'
import { fakeInfo, fakeTree, MILLION, type FakeNode } from './fake-tree'

type Handlers = Partial<Record<CommandName, (input: never) => unknown>>

/** A stand-in for the engine: the contract, answered from a made-up image and this computer's folders. */
export class FakeEngine {
  readonly posted: unknown[] = []
  private readonly clients = new Map<number, (message: unknown) => void>()
  private lastClient = 0
  /** The clock of what it remembers; pictures set it. */
  now = Date.now
  private settings = settingsShape.parse({})
  private jobs: JobSnapshot[] = []
  private images: { path: string }[] = []
  private masked: { mask: string; positions: number[] } | null = null
  /** What the palette's search finds; a promise holds it back. */
  found: unknown = { hits: [], hasMore: false, next: null }
  /** In what order the library lists its images; a promise holds the list back. */
  arrange: (images: LibraryImage[]) => LibraryImage[] | Promise<LibraryImage[]> = (images) => images
  /** What lies in both files of a conflict; empty for a few words. */
  peeked = ''
  /** Until then contents are compared. */
  holdDuplicates: Promise<void> = Promise.resolve()
  hasDuplicates = true
  /** Instead of what is free on this computer. */
  freeBytes: number | null = null
  /** Opening an image takes for ever. */
  isSlow = false
  /** Images are still being read: paths in them cannot be found yet. */
  isReading = false
  /** Until then names that are typed are looked for. */
  holdNames: Promise<void> = Promise.resolve()
  /**
   * An image is read to its end just when its first rows are on their way, which do not know of it yet: there are none
   * of them, or all, and then the question after them is not answered.
   */
  endsWhileAsked: 'empty' | 'late' | 'silent' | null = null
  /** What `job.preview` says besides the usual. */
  plan: Partial<CommandOutput<'job.preview'>> = {}

  constructor(private readonly home = homedir()) {}

  openClient(listener: (message: unknown) => void): number {
    this.clients.set(++this.lastClient, listener)
    return this.lastClient
  }

  closeClient(client: number): void {
    this.clients.delete(client)
  }

  isBusy(): boolean {
    return this.jobs.some((job) => job.state === 'running')
  }

  requestOpen(paths: string[]): void {
    this.emit('open.requested', { paths })
  }

  close(): Promise<void> {
    this.clients.clear()
    return Promise.resolve()
  }

  emit(name: string, payload: unknown): void {
    for (const listener of this.clients.values()) listener({ type: 'event', name, payload })
  }

  change(changes: Record<string, unknown>): void {
    this.settings = settingsShape.parse({ ...this.settings, ...changes })
    this.emit('settings.changed', this.settings)
  }

  setJobs(jobs: JobSnapshot[]): void {
    this.jobs = jobs
    for (const job of jobs) this.emit('job.snapshot', job)
  }

  post(client: number, raw: unknown): void {
    this.posted.push(raw)
    const parsed = clientMessage.safeParse(raw)
    if (!parsed.success || parsed.data.type !== 'command') return
    const { id, name, input } = parsed.data
    void this.answer(name, input).then((result) => {
      const message: EngineMessage = { type: 'result', id, result }
      this.clients.get(client)?.(message)
    })
  }

  private async answer(name: string, input: unknown): Promise<Extract<EngineMessage, { type: 'result' }>['result']> {
    try {
      const command = Object.hasOwn(commands, name) ? commands[name as CommandName] : null
      const handler = this.handlers[name as CommandName] as ((input: unknown) => unknown) | undefined
      if (!command || !handler) throw new IsoldeError('UNKNOWN_COMMAND', `The stand-in does not know ${name}.`)
      return { ok: true, value: await handler(command.input.parse(input ?? undefined)) }
    } catch (error) {
      return { ok: false, error: toErrorShape(error) }
    }
  }

  private opened(image: number) {
    const path = this.images[image]?.path ?? 'debian-12.iso'
    const info = fakeInfo(basename(path))
    const views = info.views.map((view) => ({ ...view, entryCount: this.isReading ? null : view.entryCount }))
    return { image, generation: 1, location: { kind: 'path', path, inside: [] }, info: { ...info, views } }
  }

  /** Every image has been read to its end. */
  finishReading(): void {
    this.isReading = false
    for (const image of this.images.keys()) {
      const { generation, info } = this.opened(image)
      this.emit('image.changed', { image, generation, info })
    }
  }

  private readonly handlers: Handlers = {
    'engine.hello': () => ({
      version: '0.0.0',
      host: 'web',
      platform: 'linux',
      pathSeparator: '/',
      homeFolder: this.home,
      hasTrash: false,
      logFile: '/home/ann/.local/share/isolde/isolde.log',
      catalogIsKept: true,
      catalogProblem: null,
      settingsQuarantined: null,
      openAtStart: [],
    }),
    'image.open': ({ location }: { location: { path: string } }) => {
      if (this.isSlow) return new Promise(() => undefined)
      if (/broken|\.txt$/.test(location.path))
        throw new IsoldeError('NOT_AN_IMAGE', `${basename(location.path)} is not a disc image.`)
      this.images.push({ path: location.path })
      return this.opened(this.images.length - 1)
    },
    'image.close': () => ({}),
    'image.info': ({ image }: { image: number }) => this.opened(image),
    'image.rows': (input: RowsInput) => {
      const { total, at } = this.listing(input)
      const rows = []
      for (let position = input.offset; position < Math.min(total, input.offset + input.limit); position++)
        rows.push(at(position))
      if (this.endsWhileAsked) {
        const { image, generation, view } = input
        const asked = this.endsWhileAsked
        this.endsWhileAsked = asked === 'late' ? 'silent' : null
        if (asked === 'silent') return new Promise(() => undefined)
        this.emit('image.progress', { image, generation, view, entryCount: 0, isDone: true })
        return asked === 'late'
          ? { total, byteTotal: total * 4000, isComplete: false, rows }
          : { total: 0, byteTotal: 0, isComplete: false, rows: [] }
      }
      return { total, byteTotal: total * 4000, isComplete: true, rows }
    },
    'image.rowIds': (input: RowsInput) => {
      const { total, at } = this.listing(input)
      const entries = []
      for (let position = input.offset; position < Math.min(total, input.offset + input.limit); position++)
        entries.push(at(position).entry)
      return { entries, byteTotal: entries.length * 4000 }
    },
    'image.rowRanges': (input: RowsInput) => {
      const { total, at } = this.listing(input)
      const end = Math.min(total, input.offset + input.limit)
      const entries = Array.from(
        { length: Math.max(0, end - input.offset) },
        (_, step) => at(input.offset + step).entry,
      )
      return { ranges: NumberRanges.of(entries).flat(), byteTotal: entries.length * 4000 }
    },
    'image.findRow': async (input: RowsInput & { prefix: string; from: number }) => {
      await this.holdNames
      const { total, at } = this.listing(input)
      for (let step = 0; step < Math.min(total, 5000); step++) {
        const position = (input.from + step) % total
        if (at(position).name.toLowerCase().startsWith(input.prefix.toLowerCase())) return { position }
      }
      return { position: null }
    },
    'image.map': ({ buckets }: { buckets: number }) => ({
      byteTotal: buckets * 1_000_000,
      byteThere: Math.floor(buckets * 0.93) * 1_000_000,
      freeBytes: 12_000_000,
      isComplete: true,
      buckets: Array.from({ length: buckets }, (_, index) => fakeBucket(index, buckets)),
    }),
    'image.sizes': ({ directory }: { directory: number }) => {
      const nodes: unknown[] = []
      const add = (entry: number, parent: number, depth: number): void => {
        for (const child of fakeTree.node(entry)?.children ?? []) {
          const node = must(fakeTree.node(child))
          const { kind, name } = node
          const at = nodes.push({ entry: child, parent, name, kind, ...sumOf(node) }) - 1
          if (kind === 'directory' && depth < 2) add(child, at, depth + 1)
        }
      }
      add(directory, -1, 0)
      return {
        ...sumOf(must(fakeTree.node(directory))),
        byteTotal: sumOf(must(fakeTree.node(directory))).byteLength,
        isComplete: true,
        nodes,
      }
    },
    'image.folderSizes': ({ directories }: { directories: number[] }) => ({
      sizes: directories.map((entry) => ({ entry, ...sumOf(must(fakeTree.node(entry))) })),
    }),
    'folder.size': () => ({ byteLength: 123_456_789, fileCount: 12, unreadable: 0 }),
    'entry.details': ({ entry }: { entry: number }) => this.details(fakeTree.node(entry)),
    'entry.resolve': ({ path }: { path: string }) => this.details(this.isReading ? null : fakeTree.find(path)),
    'entry.ancestors': ({ entry }: { entry: number }) => {
      const chain: { entry: number; name: string }[] = []
      for (let node = fakeTree.node(entry); node; node = node.parent === null ? null : fakeTree.node(node.parent))
        chain.unshift({ entry: node.entry, name: node.name })
      return { chain }
    },
    'entry.read': ({ entry, byteOffset, byteLength }: { entry: number; byteOffset: number; byteLength: number }) => {
      const node = fakeTree.node(entry)
      if (!node) throw new IsoldeError('ENTRY_GONE', 'This entry is gone.')
      const length = Math.max(0, Math.min(byteLength, node.byteLength - byteOffset))
      const bytes =
        node.bytes?.slice(byteOffset, byteOffset + length) ??
        Uint8Array.from({ length }, (_, index) => ((byteOffset + index) * 7 + entry) & 0xff)
      return { bytes, byteTotal: node.byteLength }
    },
    'folder.rows': async (input: {
      path: string
      showHidden: boolean
      filter: string
      offset: number
      limit: number
    }) => {
      const rows = await folderRows(input.path, input.showHidden, input.filter)
      const { bavail, bsize } = await statfs(input.path)
      return {
        path: input.path,
        parent: input.path === '/' ? null : dirname(input.path),
        total: rows.length,
        byteTotal: rows.reduce((sum, row) => sum + row.byteLength, 0),
        freeBytes: this.freeBytes ?? bavail * bsize,
        isWritable: true,
        rows: rows.slice(input.offset, input.offset + input.limit),
      }
    },
    'folder.findRow': async (input: { path: string; showHidden: boolean; filter: string; prefix: string }) => {
      const rows = await folderRows(input.path, input.showHidden, input.filter)
      const position = rows.findIndex(({ name }) => name.toLowerCase().startsWith(input.prefix.toLowerCase()))
      return { position: position < 0 ? null : position }
    },
    'catalog.status': () => ({ byteLength: 1_258_000, imageCount: 1 }),
    'catalog.clean': () => ({ byteLength: 1_258_000, imageCount: 1, forgotten: 0 }),
    ...fakeLibrary(
      () => this.home,
      () => this.now(),
      (images) => this.arrange(images),
    ),
    'folder.stat': ({ path }: { path: string }) => folderRow(dirname(path), basename(path)),
    'folder.watch': () => ({}),
    'places.list': () => ({
      places: [
        { id: 'home', kind: 'home', label: 'Home', path: this.home },
        { id: 'root', kind: 'root', label: 'File system', path: '/' },
      ],
    }),
    'recent.list': () => ({
      images: [
        {
          id: 1,
          name: 'debian-12.1.0-amd64-netinst.iso',
          path: join(this.home, 'debian-12.1.0-amd64-netinst.iso'),
          label: 'Debian 12.1.0 amd64 n',
          byteLength: 658_505_728,
          formats: ['ISO 9660', 'Rock Ridge', 'Joliet'],
          status: 'truncated',
          lastOpened: this.now() - 3_600_000,
          isOnline: true,
        },
      ],
    }),
    'recent.forget': () => ({}),
    'job.list': () => ({ jobs: this.jobs }),
    'job.dismiss': ({ job }: { job: string }) => {
      this.jobs = this.jobs.filter((known) => known.id !== job)
      this.emit('job.removed', { job })
      return {}
    },
    ...Object.fromEntries(
      ['pause', 'resume', 'cancel', 'retry', 'answer', 'move'].map((verb) => [`job.${verb}`, () => ({})]),
    ),
    'job.peek': ({ side }: { side: string }) => ({
      bytes: new TextEncoder().encode(this.peeked || `The ${side} file\nwith two lines.`),
    }),
    'job.retryFailed': () => ({ jobs: ['again'] }),
    'job.report': () => ({ total: 0, outcomes: [] }),
    /** What is done is remembered; what made it can never be taken back here. */
    'history.list': () => {
      const entries = this.jobs
        .filter(({ state }) => state === 'done')
        .map((done) => ({ ...done, startedAt: done.createdAt, endedAt: done.createdAt, undone: null, canUndo: false }))
      return { total: entries.length, entries }
    },
    'search.run': () => this.found,
    'job.preview': () => ({
      entriesTotal: 1,
      bytesTotal: 1,
      freeBytes: null,
      renames: [],
      renameTotal: 0,
      taken: [],
      takenTotal: 0,
      ...this.plan,
    }),
    'job.start': (start: { kind: string; spec: { byContent?: boolean } }) => {
      if (start.kind === 'duplicates' || start.kind === 'compare') void this.find(start.kind, start.spec)
      return { job: 'fake' }
    },
    'settings.get': () => this.settings,
    'settings.set': ({ changes }: { changes: Record<string, unknown> }) => {
      this.change(changes)
      return this.settings
    },
  }

  /** A job that a page waits for. */
  private async find(kind: 'compare' | 'duplicates', { byContent = false }): Promise<void> {
    const title = { code: 'title', parameters: { source: 'a.iso', left: 'a.iso', right: 'b.iso' } }
    const common = { ...job({ id: 'fake', kind, title, sourceName: 'a.iso', destination: '' }), isPart: true }
    this.emit('job.snapshot', common)
    if (byContent) await this.holdDuplicates
    const result =
      kind === 'compare'
        ? { kind: 'compare' as const, ...comparisonFound() }
        : { kind: 'duplicates' as const, ...duplicatesFound(this.hasDuplicates) }
    this.emit('job.snapshot', { ...common, state: 'done', result })
  }

  private details(node: FakeNode | null) {
    if (!node) throw new IsoldeError('NO_SUCH_PATH', 'There is no such path in this image.')
    return { ...node, extents: [{ byteOffset: 65_536 + node.entry * 2048, byteLength: node.byteLength }] }
  }

  private listing({ directory, filter, sort, mask }: RowsInput): { total: number; at: (position: number) => FakeNode } {
    if (directory === fakeTree.manyEntry && mask) {
      const { positions } = this.masked?.mask === mask ? this.masked : (this.masked = manyFitting(mask))
      return { total: positions.length, at: (position) => must(fakeTree.node(MILLION + (positions[position] ?? 0))) }
    }
    if (directory === fakeTree.manyEntry && !filter)
      return { total: MILLION, at: (position) => must(fakeTree.node(MILLION + position)) }
    const nodes = (fakeTree.node(directory)?.children ?? [])
      .map((entry) => must(fakeTree.node(entry)))
      .filter((node) => node.name.toLowerCase().includes(filter.toLowerCase()))
      .filter((node) => !mask || parseMask(mask).fits(node.name))
      .sort(
        (a, b) =>
          Number(b.kind === 'directory') - Number(a.kind === 'directory') ||
          (sort.descending ? -1 : 1) *
            (sort.column === 'size' ? a.byteLength - b.byteLength : a.name.localeCompare(b.name)),
      )
    return { total: nodes.length, at: (position) => must(nodes[position]) }
  }
}

interface RowsInput {
  image: number
  generation: number
  view: string
  directory: number
  filter: string
  mask?: string
  sort: { column: string; descending: boolean }
  offset: number
  limit: number
}

function must(node: FakeNode | null | undefined): FakeNode {
  if (!node) throw new IsoldeError('ENTRY_GONE', 'This entry is gone.')
  return node
}

async function folderRows(path: string, showHidden: boolean, filter: string): Promise<FolderRow[]> {
  const names = (await readdir(path)).filter(
    (name) => (showHidden || !name.startsWith('.')) && name.toLowerCase().includes(filter.toLowerCase()),
  )
  const rows = await Promise.all(names.map((name) => folderRow(path, name)))
  return rows.sort(
    (a, b) => Number(b.kind === 'directory') - Number(a.kind === 'directory') || a.name.localeCompare(b.name),
  )
}

async function folderRow(folder: string, name: string): Promise<FolderRow> {
  const path = join(folder, name)
  const facts = await stat(path).catch(() => null)
  if (!facts) throw new IsoldeError('NO_SUCH_FILE', `There is no ${path}.`)
  return {
    name,
    path,
    kind: facts.isDirectory() ? 'directory' : 'file',
    byteLength: facts.isDirectory() ? 0 : facts.size,
    modified: facts.mtimeMs,
    mode: facts.mode & 0o7777,
    target: null,
    hidden: name.startsWith('.'),
    looksLikeImage: /\.(iso|img|bin|nrg|mds|cue)$/i.test(name),
  }
}

/** Bytes and files in a node of the made-up tree; the directory of a million is left out. */
function sumOf(node: FakeNode): { byteLength: number; fileCount: number } {
  if (node.kind !== 'directory') return { byteLength: node.byteLength, fileCount: 1 }
  const sum = { byteLength: 0, fileCount: 0 }
  for (const child of node.children ?? []) {
    const inner = sumOf(must(fakeTree.node(child)))
    sum.byteLength += inner.byteLength
    sum.fileCount += inner.fileCount
  }
  return sum
}

/** A disc with structures at its beginning, files, a gap, a damaged file, and an end that is missing. */
function fakeBucket(index: number, total: number) {
  const place = index / total
  const files = fakeTree.nodes.filter((node) => node.kind === 'file' && node.byteLength > 0)
  const node = must(files[Math.floor(place * files.length)] ?? null)
  const isFile = place > 0.02 && place < 0.93 && !(place > 0.5 && place < 0.53)
  const { entry, path, byteLength } = node
  return {
    kind: place < 0.02 ? 'structures' : place >= 0.93 ? 'beyond' : isFile ? 'files' : 'gap',
    fileBytes: isFile ? 1_000_000 : 0,
    fileCount: isFile ? 1 + (index % 3) : 0,
    damagedCount: place > 0.9 && isFile ? 1 : 0,
    largest: isFile
      ? { entry, path, byteLength, status: place > 0.9 ? 'partial' : 'complete', byteOffset: index * 1_000_000 }
      : null,
  }
}

/** Which of the million fit a mask. */
function manyFitting(mask: string): { mask: string; positions: number[] } {
  const { fits } = parseMask(mask)
  const positions: number[] = []
  for (let position = 0; position < MILLION; position++)
    if (fits(fakeTree.node(MILLION + position)?.name ?? '')) positions.push(position)
  return { mask, positions }
}
