import { randomUUID } from 'node:crypto'
import { IsoldeError } from '../../../src-shared/contract/errors'
import type { CommandOutput, CommandRequest } from '../../../src-shared/contract'
import type { EntrySelection } from '../../../src-shared/contract/shapes'
import { NumberRanges } from '../../../src-shared/model'
import {
  projectsFolder,
  sizeOf,
  type ImageSource,
  type OpenedLocation,
  type ProjectOperation,
  type ProjectOutline,
} from '../../jobs'
import { openLocation } from '../images'
import { Peer, type Methods, type PeerPort } from '../rpc'
import { assertName } from './assert-name'
import { Project, type Step } from './project'
import { ProjectFiles, type StoredProject } from './project-file'
import { contentsOf, findRow, rowsOf } from './project-rows'

type Snapshot = CommandOutput<'project.get'>['snapshot']
type StepAnswer = CommandOutput<'project.add'>
type Chosen = { project: string; path: string; entries: EntrySelection }

/** What the engine asks of the thread that puts projects together. */
export type ProjectMethods = {
  create(request: { name: string; base: { source: ImageSource; view: string } | null }): Promise<Snapshot>
  get(request: { project: string }): Promise<Snapshot>
  look(request: { project: string }): Promise<Snapshot>
  list(request: Record<string, never>): CommandOutput<'project.list'>['projects']
  rows(request: CommandRequest<'project.rows'>): Promise<CommandOutput<'project.rows'>>
  rowKeys(request: CommandRequest<'project.rowKeys'>): Promise<CommandOutput<'project.rowKeys'>>
  findRow(request: CommandRequest<'project.findRow'>): Promise<number | null>
  contents(request: CommandRequest<'project.contents'>): Promise<CommandOutput<'project.contents'>>
  do(request: { project: string; operation: ProjectOperation }): Promise<StepAnswer>
  rename(request: CommandRequest<'project.rename'>): Promise<StepAnswer>
  remove(request: Chosen): Promise<StepAnswer>
  move(request: Chosen & { to: string }): Promise<StepAnswer>
  go(request: { project: string; by: 1 | -1 }): Promise<Snapshot>
  configure(request: CommandRequest<'project.configure'>): Promise<Snapshot>
  outcome(request: { project: string }): Promise<CommandOutput<'project.outcome'>>
  names(request: CommandRequest<'project.names'>): Promise<CommandOutput<'project.names'>>
  /** Everything that a job needs. @param isReleased what it has open is closed */
  outline(request: { project: string; isReleased: boolean }): Promise<ProjectOutline>
  /** Answers what it was called; empty where there was none. */
  discard(request: { project: string }): Promise<string>
}

/** Projects that nobody shows are read again when somebody does. */
const LOADED_AT_MOST = 8

/** Serves projects over `port`, in a thread of its own: reading and planning 100 000 files holds up nobody else. */
export function serveProjects(port: PeerPort, home: string): void {
  const files = new ProjectFiles(projectsFolder(home))
  new Peer<Methods>(port, new ProjectService(files).methods)
}

class ProjectService {
  private readonly loaded = new Map<string, Promise<Project>>()
  /** What is done to one project is done in turn, each thing on top of the one before. */
  private readonly turns = new Map<string, Promise<unknown>>()

  constructor(private readonly files: ProjectFiles) {}

  readonly methods: ProjectMethods = {
    create: async ({ name, base }) => {
      const id = randomUUID()
      this.files.write(id, await newProject(name, base))
      return (await this.project(id)).snapshot()
    },
    get: async ({ project }) => (await this.project(project)).snapshot(),
    look: ({ project }) =>
      this.inTurn(project, async (own) => {
        await own.look()
        return own.snapshot()
      }),
    list: () =>
      this.files
        .list()
        .flatMap((id) => summaryOf(id, this.files))
        .toSorted((a, b) => b.changedAt - a.changedAt),
    rows: async ({ offset, limit, ...query }) => {
      const { rows, byteTotal } = await this.ordered(query)
      return { total: rows.length, byteTotal, rows: rows.slice(offset, offset + limit) }
    },
    rowKeys: async ({ offset, limit, ...query }) => {
      const { rows } = await this.ordered(query)
      const window = rows.slice(offset, offset + limit)
      return {
        keys: window.map(({ key }) => key),
        byteTotal: window.reduce((sum, { byteLength }) => sum + byteLength, 0),
      }
    },
    findRow: async ({ prefix, from, ...query }) => findRow((await this.ordered(query)).rows, prefix, from),
    contents: async ({ project, path: folder, entries }) =>
      contentsOf((await this.project(project)).folder(folder), entries === null ? null : chosenOf(entries)),
    do: ({ project, operation }) => this.step(project, () => operation),
    rename: ({ project, path: folder, key, name }) =>
      this.step(project, (own) => {
        assertName(name)
        const [from = ''] = own.pathsOf(folder, (each) => each === key)
        return { op: 'rename', path: from, to: folder === '' ? name : `${folder}/${name}` }
      }),
    remove: ({ project, path: folder, entries }) =>
      this.step(project, (own) => ({ op: 'delete', paths: own.pathsOf(folder, chosenOf(entries)) })),
    move: ({ project, path: folder, entries, to }) =>
      this.step(project, (own) => ({ op: 'move', paths: own.pathsOf(folder, chosenOf(entries)), at: to })),
    go: ({ project, by }) =>
      this.inTurn(project, (own) => {
        own.go(by)
        return own.snapshot()
      }),
    configure: ({ project, label, ...changes }) =>
      this.inTurn(project, async (own) => {
        const { name, preset, keepsSums, more } = changes
        own.configure({
          ...(name === undefined ? {} : { name }),
          ...(preset === undefined ? {} : { preset }),
          ...(keepsSums === undefined ? {} : { keepsSums }),
          ...(more === undefined ? {} : { more }),
        })
        if (label !== undefined && label !== own.snapshot().label) await own.do({ op: 'label', label })
        return own.snapshot()
      }),
    outcome: async ({ project }) => (await this.project(project)).plan(),
    names: async ({ project, offset, limit }) => (await this.project(project)).changedNames(offset, limit),
    outline: async ({ project, isReleased }) => {
      const outline = (await this.project(project)).outline()
      if (isReleased) await this.unload(project)
      return outline
    },
    discard: async ({ project }) => {
      const name = summaryOf(project, this.files)[0]?.name ?? ''
      await this.unload(project)
      this.files.remove(project)
      return name
    },
  }

  private async ordered(
    query: CommandRequest<'project.findRow'> | Omit<CommandRequest<'project.rows'>, 'offset' | 'limit'>,
  ) {
    const project = await this.project(query.project)
    return rowsOf(project.folder(query.path), query, project.isChange)
  }

  private step(id: string, operationOf: (project: Project) => ProjectOperation): Promise<StepAnswer> {
    return this.inTurn(id, async (project) => {
      const { replaced, leftOut }: Step = await project.do(operationOf(project))
      return { snapshot: project.snapshot(), replaced, leftOut }
    })
  }

  private inTurn<Answer>(id: string, work: (project: Project) => Answer | Promise<Answer>): Promise<Answer> {
    const before = this.turns.get(id) ?? Promise.resolve()
    const answer = before.then(async () => work(await this.project(id)))
    this.turns.set(
      id,
      answer.catch(() => undefined),
    )
    return answer
  }

  private project(id: string): Promise<Project> {
    const known = this.loaded.get(id)
    this.loaded.delete(id)
    const project =
      known ??
      Project.load(id, this.files, openSource).catch((error: unknown) => {
        this.loaded.delete(id)
        throw error
      })
    this.loaded.set(id, project)
    const oldest = this.loaded.keys().next().value
    if (this.loaded.size > LOADED_AT_MOST && oldest !== undefined) void this.unload(oldest)
    return project
  }

  private async unload(id: string): Promise<void> {
    const project = this.loaded.get(id)
    this.loaded.delete(id)
    await this.turns.get(id)
    await (await project?.catch(() => undefined))?.close()
  }
}

async function newProject(name: string, from: { source: ImageSource; view: string } | null): Promise<StoredProject> {
  const now = Date.now()
  const shared = {
    created: now,
    preset: 'data' as const,
    keepsSums: false,
    more: {},
    operations: [],
    position: 0,
    changedAt: now,
  }
  if (from === null) return { ...shared, name, base: null }
  const opened = await openSource(from.source)
  try {
    return { ...shared, name, base: { ...from, ...sizeOf(opened) } }
  } finally {
    await opened.close()
  }
}

function openSource(source: ImageSource): Promise<OpenedLocation> {
  if (source.kind === 'upload')
    throw new IsoldeError(
      'UNSUPPORTED_HERE',
      `${source.name} was dropped on the page, and is gone with it. Open it from a folder of this computer instead.`,
    )
  const ask = (): never => {
    throw new IsoldeError('SOURCE_GONE', `${source.name} is missing.`)
  }
  return openLocation({ ...source, ask }, { charset: source.charset })
}

function summaryOf(id: string, files: ProjectFiles): CommandOutput<'project.list'>['projects'] {
  try {
    const { name, base, position, changedAt } = files.read(id)
    return [{ project: id, name, isChange: base !== null, steps: position, changedAt }]
  } catch {
    // Of a newer version, or cut off: it stays where it is, and is not offered.
    return []
  }
}

function chosenOf(entries: EntrySelection): (key: number) => boolean {
  const chosen = Array.isArray(entries) ? NumberRanges.of(entries) : NumberRanges.from(entries.ranges)
  return (key) => chosen.has(key)
}
