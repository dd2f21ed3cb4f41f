import path from 'node:path'
import { saidOf, type Said } from '../../../src-shared/model'
import {
  AuthorError,
  whyNotReplaceable,
  planProject,
  projectNodeAt,
  type AuthorOptions,
  type ProjectNode,
} from '../../author'
import type { ChangedName, ProjectOutcome, ProjectSnapshot } from '../../../src-shared/contract/project-commands'
import {
  perform,
  ProjectSources,
  replay,
  type ImageSource,
  type OpenedLocation,
  type ProjectOperation,
  type ProjectOutline,
  type ProjectState,
  type Replayed,
} from '../../jobs'
import type { ProjectFiles, StoredProject } from './project-file'
import { SourceWatch } from './source-watch'

export interface Step {
  replaced: number
  leftOut: Said[]
}

const LABEL_LENGTH = 32
let lastVersion = Date.now()

/** A project in memory: every state that it was in, and what it has open to be planned. */
export class Project {
  private outcome: ProjectOutcome | null = null
  private names: ChangedName[] = []
  private version = ++lastVersion
  private readonly watch = new SourceWatch()

  private constructor(
    private readonly id: string,
    private readonly files: ProjectFiles,
    private readonly sources: ProjectSources,
    private stored: StoredProject,
    private replayed: Replayed,
    private readonly notReplaceable: string | null,
  ) {}

  /**
   * Does again what was done to a project.
   * @throws {AuthorError} or what the system says, where the image that it begins with cannot be read
   */
  static async load(
    id: string,
    files: ProjectFiles,
    openImage: (source: ImageSource) => Promise<OpenedLocation>,
  ): Promise<Project> {
    const stored = files.read(id)
    const sources = new ProjectSources(openImage)
    try {
      const replayed = await replay(stored, sources, { images: { earlier: files.written(id).identities() } })
      return new Project(id, files, sources, stored, replayed, await whyNot(stored, sources))
    } catch (error) {
      await sources.close()
      throw error
    }
  }

  /** Everything that a job needs to make the image; what was taken back is not in it. */
  outline(): ProjectOutline {
    const { base, created, preset, keepsSums, more, operations, position } = this.stored
    return { base, created, preset, keepsSums, more, operations: operations.slice(0, position) }
  }

  get isChange(): boolean {
    return this.stored.base !== null
  }

  get root(): ProjectNode {
    return this.state.root
  }

  snapshot(): ProjectSnapshot {
    const { name, base, preset, keepsSums, more, operations, position, changedAt } = this.stored
    const { byteLength, entries, files } = this.root
    const { problems, meant } = this.missing()
    return {
      project: this.id,
      name,
      base:
        base === null ? null : { name: base.source.name, path: base.source.path, notReplaceable: this.notReplaceable },
      label: this.state.label,
      preset,
      keepsSums,
      more,
      version: this.version,
      undo: position,
      redo: operations.length - position,
      contentBytes: byteLength,
      entries: entries - 1,
      files,
      problems,
      changes: this.watch.said(this.root),
      meant,
      changedAt,
    }
  }

  /** What the steps up to now could not do when the sources were looked at last, or have left out since. */
  private missing(): { problems: Said[]; meant: Said[] } {
    const { position, base } = this.stored
    const { failed, leftOut } = this.replayed
    const other = base === null ? null : this.sources.whyOther(base)
    const found = { problems: other === null ? [] : [other], meant: [] as Said[] }
    for (let index = 0; index < position; index++) {
      const why = failed.get(index)
      if (why !== undefined) found.problems.push(why)
      for (const one of leftOut.get(index) ?? []) found[one.isMeant === true ? 'meant' : 'problems'].push(saidOf(one))
    }
    return found
  }

  /**
   * Looks at the sources again. What is otherwise is so from now on: rows and sizes are those that would be written.
   * Where nothing is, everything stays as it was, with its numbers.
   */
  async look(): Promise<void> {
    const { stored, replayed } = this
    const before = JSON.stringify(this.missing())
    const earlier = this.files.written(this.id).identities()
    const again = await replay(stored, this.sources, { base: replayed.base, images: { earlier } })
    const now = again.states[stored.position]?.root ?? this.root
    const isOther = this.watch.note(this.root, now, missingPaths(stored, again))
    this.replayed = again
    if (!isOther && JSON.stringify(this.missing()) === before) {
      this.replayed = replayed
      return
    }
    this.version = ++lastVersion
  }

  /** Does one thing more; what was taken back before is then gone. @throws {AuthorError} where it cannot be done */
  async do(operation: ProjectOperation): Promise<Step> {
    const { position } = this.stored
    const images = { earlier: this.files.written(this.id).identities() }
    const { state, replaced, leftOut } = await perform(this.state, operation, this.sources, images)
    const operations = [...this.stored.operations.slice(0, position), operation]
    this.keep({ ...this.stored, operations, position: position + 1 })
    this.replayed.states.splice(position + 1, Infinity, state)
    for (const told of [this.replayed.failed, this.replayed.leftOut])
      for (const index of told.keys()) if (index >= position) told.delete(index)
    if (leftOut.length > 0) this.replayed.leftOut.set(position, leftOut)
    return { replaced, leftOut: leftOut.map(saidOf) }
  }

  /** Takes steps back, or does them again. */
  go(by: 1 | -1): void {
    const position = this.stored.position + by
    if (position >= 0 && position <= this.stored.operations.length) this.keep({ ...this.stored, position })
  }

  configure(changes: Partial<Pick<StoredProject, 'name' | 'preset' | 'keepsSums' | 'more'>>): void {
    this.keep({ ...this.stored, ...changes })
  }

  /** The paths of the children of a folder that have these keys. @throws {AuthorError} `NO_SUCH_FILE` */
  pathsOf(folderPath: string, has: (key: number) => boolean): string[] {
    const children = [...(this.folder(folderPath).children?.values() ?? [])].filter(({ key }) => has(key))
    if (children.length === 0) throw new AuthorError('NO_SUCH_FILE', 'What was chosen is not in the image any more.')
    return children.map(({ name }) => (folderPath === '' ? name : `${folderPath}/${name}`))
  }

  /** @throws {AuthorError} `NO_SUCH_FILE` */
  folder(folderPath: string): ProjectNode {
    const node = projectNodeAt(this.root, folderPath)
    if (!node?.children) throw new AuthorError('NO_SUCH_FILE', `“${folderPath}” is not in the image any more.`)
    return node
  }

  /** What will be written, of the project as it is now; planned once for each state. */
  async plan(): Promise<ProjectOutcome> {
    const { version } = this
    if (this.outcome?.version === version) return this.outcome
    const { preset, keepsSums, more, name, base } = this.stored
    const label = this.state.label ?? (base === null ? name.slice(0, LABEL_LENGTH) : null)
    let outcome = nothing(version)
    let names: ChangedName[] = []
    try {
      const request = {
        root: this.root,
        base: this.replayed.base,
        preset,
        keepsSums,
        label,
        more,
        leavesOutDamaged: true,
      }
      const { plan, options, kept, lost, damaged } = await planProject(request)
      // Systems look for a volume by its label; the shorter one of Joliet is what everybody knows.
      const relabelled = plan.textChanges.filter(({ field, tree }) => field === 'label' && tree !== 'joliet')
      names = [
        ...relabelled.map(({ tree, text, reason }) => ({ path: options.label, tree, name: text, reason })),
        ...plan.changes,
        ...plan.unrecorded.map(({ path, tree }) => ({ path, tree, name: null, reason: 'unrecorded' as const })),
      ]
      outcome = {
        ...outcome,
        byteLength: plan.layout.byteLength,
        files: plan.files,
        directories: plan.directories,
        symlinks: plan.symlinks,
        views: plan.views,
        udf: options.udf,
        boots: plan.boots.map(({ platform, path }) => ({ platform, path })),
        label: options.label,
        texts: textsOf(options),
        names: new Set(names.map(({ path }) => path)).size,
        kept,
        lost,
        damaged,
      }
    } catch (error) {
      if (!(error instanceof AuthorError)) throw error
      outcome.problem = saidOf(error)
    }
    // Something else was done meanwhile: what was planned is told to whoever asked, and not kept.
    if (this.version === version) {
      this.outcome = outcome
      this.names = names
    }
    return outcome
  }

  /** The names that were counted last. */
  async changedNames(offset: number, limit: number): Promise<{ total: number; rows: ChangedName[] }> {
    await this.plan()
    return { total: this.names.length, rows: this.names.slice(offset, offset + limit) }
  }

  close(): Promise<void> {
    return this.sources.close()
  }

  private get state(): ProjectState {
    const state = this.replayed.states[this.stored.position]
    if (state === undefined) throw new RangeError('A project is in one of its states.')
    return state
  }

  /** Written first: what a window shows is never more than what is kept. */
  private keep(stored: StoredProject): void {
    const changed = { ...stored, changedAt: Date.now() }
    this.files.write(this.id, changed)
    this.stored = changed
    this.version = ++lastVersion
  }
}

/** Where in the image something would be that is known to be missing, so that it is not told twice. */
function missingPaths({ operations }: StoredProject, { failed, leftOut }: Replayed): Set<string> {
  const found = new Set<string>()
  for (const [index, operation] of operations.entries()) {
    if (operation.op !== 'add') continue
    const within = (name: string): string => (operation.at === '' ? name : `${operation.at}/${name}`)
    if (failed.has(index)) for (const each of operation.paths) found.add(within(path.basename(each)))
    for (const one of leftOut.get(index) ?? []) found.add(within(one.path))
  }
  return found
}

function textsOf({ publisher, preparer, application, systemId, volumeSetId }: AuthorOptions): Record<string, string> {
  return { publisher, preparer, application, systemId, volumeSetId }
}

function nothing(version: number): ProjectOutcome {
  return {
    version,
    byteLength: 0,
    files: 0,
    directories: 0,
    symlinks: 0,
    views: [],
    udf: null,
    boots: [],
    label: '',
    texts: {},
    names: 0,
    kept: [],
    lost: [],
    damaged: [],
    problem: null,
  }
}

async function whyNot({ base }: StoredProject, sources: ProjectSources): Promise<string | null> {
  if (base === null) return null
  const { source } = base
  const why = whyNotReplaceable(source.path, (await sources.open(source)).image, source.inside.length > 0)
  return why === null ? null : `${source.name} ${why}.`
}
