import path from 'node:path'
import {
  clientMessage,
  commands,
  events,
  toErrorShape,
  IsoldeError,
  type ClientMessage,
  type CommandName,
  type EngineMessage,
  type EventName,
  type EventPayload,
  type ResultEnvelope,
} from '../../../src-shared/contract'
import { asCalledNow } from '../../../src-shared/contract/earlier-commands'
import {
  connect,
  isFailure,
  prepareCatalog,
  releaseCatalog,
  SqliteJobStore,
  openFallback,
  type Connection,
} from '../../catalog'
import { collectGarbage } from '../../extract/collect-garbage'
import { FolderWatcher } from '../../files/folder-watcher'
import { limitUnpacking } from '../../files/scratch'
import { SettingsFile } from '../../settings/settings'
import { FailoverJobStore, JobHistory } from '../jobs'
import { makeHandlers, type Handlers } from '../handlers'
import { ImageRegistry, StagingArea, Uploads } from '../images'
import { OpenMounts } from '../mounts'
import type { ProjectMethods } from '../projects'
import type { LibraryMethods, LibraryOwnerMethods, QueryMethods } from '../library'
import { parseSettings, type EngineServices } from '../handlers'
import type { EngineOptions } from './engine-options'
import { onThreadTrouble, startThread, type Thread } from '../rpc'
import { ClientCalls } from './client-calls'
import { makeIndexers } from './make-indexers'
import { makeQueue } from './make-queue'
import { ProgramLog } from './program-log'

/** Sends a message to one client. */
export type Send = (client: number, message: EngineMessage) => void

const RENEW_LEASES_EVERY_MS = 10_000
/** Late enough for the first image to be on screen. */
const CLEAN_AFTER_MS = 30_000
/** Slices of dropped files, which images are opened by: those that open them would wait for each other. */
const AWAITED_BY_OTHERS = new Set(['upload.slice'])
/** A command that takes longer is worth a line. */
const SLOW_MS = 1000

/**
 * The engine: owns images, catalog and jobs, and answers clients. Its own thread only routes; parsing, sorting and
 * writing happen in threads of their own, so that it always answers at once.
 */
export class Engine {
  private readonly log: ProgramLog
  private readonly services: EngineServices
  private readonly handlers: Handlers
  private readonly clients = new Set<number>()
  private readonly calls = new ClientCalls()
  private readonly watched = new Map<number, string[]>()
  private readonly watcher: FolderWatcher
  private jobConnection: Connection
  private readonly renewal: NodeJS.Timeout
  private readonly cleaning: NodeJS.Timeout
  private queryThread: Thread<QueryMethods> | null = null
  private libraryThread: Thread<LibraryMethods> | null = null
  private projectThread: Thread<ProjectMethods> | null = null
  private isClosed = false

  constructor(
    options: EngineOptions,
    private readonly send: Send,
  ) {
    const catalog = prepareCatalog(path.join(options.home, 'catalog.sqlite'))
    this.log = new ProgramLog(options.home, options.logLevel)
    const { log } = this
    log.info('The engine starts.', { version: options.version, host: options.host, system: process.platform })
    if (catalog.problem !== null) log.error(catalog.problem)
    const trouble = (sentence: string): void => {
      log.error(sentence)
      process.stderr.write(`isolde engine: ${sentence}\n`)
    }
    onThreadTrouble((sentence) => {
      log.error(sentence)
    })
    const uploads = new Uploads((name, payload, client) => {
      this.emit(name, payload, client)
    })
    this.jobConnection = connect(catalog.path, 'write')
    this.watcher = new FolderWatcher((folder) => {
      this.queries().peer.report('forgetFolder', { path: folder })
      this.emit('folder.changed', { path: folder })
    })
    const history = new JobHistory(options.home)
    const jobs = makeQueue({
      home: options.home,
      store: new FailoverJobStore(new SqliteJobStore(this.jobConnection), (error) => this.replaceJobs(error)),
      services: () => this.services,
      uploads,
      history,
      log,
      emit: (name, payload) => {
        this.emit(name, payload)
      },
      trouble,
    })
    const images = new ImageRegistry({
      isHere: (client) => this.clients.has(client),
      catalogPath: () => this.services.catalog.path,
      onFailure: (error) => {
        this.catalogFailed(error)
      },
      broadcast: (name, payload, client) => {
        this.emit(name, payload, client)
      },
      askUpload: (client, request) => uploads.ask(client, request),
      recall: (location) => this.library().peer.call('recall', { location }),
      onIndexed: ({ location, image, generation }) =>
        this.services.nested.offer({ image, generation }, location).catch(() => undefined),
      onIdle: () => {
        collectGarbage()
        this.queries().peer.report('rest', {})
      },
    })
    this.services = {
      options,
      logFile: log.path,
      catalog,
      uploads,
      history,
      jobs,
      staging: new StagingArea(),
      mounts: new OpenMounts(),
      settings: new SettingsFile(
        path.join(options.home, 'settings.json'),
        parseSettings,
        (settings) => {
          limitUnpacking(settings.unpackByteLimit)
          this.emit('settings.changed', settings)
        },
        (temporary) => {
          this.emit('settings.quarantined', { path: temporary })
        },
      ),
      images,
      queries: () => this.queries(),
      library: () => this.library(),
      projects: () => this.projects(),
      ...makeIndexers({
        services: () => this.services,
        emit: (name, payload) => {
          this.emit(name, payload)
        },
      }),
      cleanCatalog: (isCompacting) => this.cleanCatalog(isCompacting),
      emit: (name, payload, client) => {
        this.emit(name, payload, client)
      },
      watch: (client, paths) => {
        this.watched.set(client, paths)
        this.watcher.set([...this.watched.values()].flat())
      },
    }
    this.handlers = makeHandlers(this.services)
    limitUnpacking(this.services.settings.get().unpackByteLimit)
    this.services.settings.watch()
    this.renewal = setInterval(() => {
      // A catalog that is locked for long: the next turn tries again, and what does not need it is done all the same.
      for (const work of [() => jobs.renewLeases(), () => jobs.watch()])
        try {
          work()
        } catch (error) {
          trouble(toErrorShape(error).message)
        }
    }, RENEW_LEASES_EVERY_MS)
    this.renewal.unref()
    this.queries()
    this.services.images.prepare()
    jobs.restore()
    this.cleaning = setTimeout(() => void this.cleanCatalog().catch(() => undefined), CLEAN_AFTER_MS)
    this.cleaning.unref()
    void this.services.indexer.start().catch(() => undefined)
  }

  openClient(client: number): void {
    this.clients.add(client)
  }

  closeClient(client: number): void {
    this.clients.delete(client)
    this.calls.close(client)
    this.watched.delete(client)
    this.watcher.set([...this.watched.values()].flat())
    this.services.uploads.releaseClient(client)
    void this.services.images.releaseClient(client)
  }

  /** Takes a message of a client: anything at all may arrive, and is answered if it has a number to answer to. */
  receive(client: number, raw: unknown): void {
    const message = clientMessage.safeParse(raw)
    if (!message.success) {
      const id = numberOfCommand(raw)
      const error = { code: 'BAD_REQUEST', message: 'A command needs its name and what it is given.' } as const
      if (id !== null) this.send(client, { type: 'result', id, result: { ok: false, error } })
      return
    }
    if (message.data.type === 'cancel') this.calls.cancel(client, message.data.id)
    else void this.answer(client, message.data)
  }

  /** Asks every window to open these images: another start of the program, or the system. */
  requestOpen(paths: string[]): void {
    this.emit('open.requested', { paths })
  }

  /** Whether closing now would interrupt something. */
  isBusy(): boolean {
    return this.services.jobs.isBusy()
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    clearInterval(this.renewal)
    clearTimeout(this.cleaning)
    this.services.indexer.close()
    this.services.nested.close()
    this.services.settings.close()
    this.services.jobs.stop()
    this.watcher.close()
    await this.services.mounts.close()
    await this.services.images.closeAll()
    await this.queryThread?.terminate()
    await this.libraryThread?.terminate()
    await this.projectThread?.terminate()
    this.jobConnection.close()
    this.services.staging.close()
    releaseCatalog(this.services.catalog)
  }

  private async cleanCatalog(isCompacting = false): Promise<number> {
    const { catalogByteLimit: byteLimit, catalogKeepDays: keepDays } = this.services.settings.get()
    if (byteLimit === 0 && keepDays === 0 && !isCompacting) return 0
    const inUse = this.services.images.ids()
    const forgotten = await this.library().peer.call('clean', { rules: { byteLimit, keepDays }, inUse, isCompacting })
    if (forgotten.length > 0) this.emit('library.changed', {})
    return forgotten.length
  }

  private async answer(client: number, message: Extract<ClientMessage, { type: 'command' }>): Promise<void> {
    const { id, name, input } = message
    const work = async (signal: AbortSignal): Promise<ResultEnvelope> => {
      const begun = performance.now()
      const result = await this.run(client, name, input, signal)
      this.noteCall(name, result, performance.now() - begun)
      return result
    }
    const result = await this.calls
      .run(client, id, work, AWAITED_BY_OTHERS.has(name))
      .catch((error: unknown): ResultEnvelope => ({ ok: false, error: toErrorShape(error) }))
    if (this.clients.has(client)) this.send(client, { type: 'result', id, result })
  }

  private noteCall(name: string, result: ResultEnvelope, elapsed: number): void {
    const ms = Math.round(elapsed)
    const fields = { command: name, ms, ...(result.ok ? {} : { code: result.error.code }) }
    if (!result.ok && result.error.code === 'INTERNAL') this.log.error('A command failed inside.', fields)
    else if (ms > SLOW_MS) this.log.info('A command took long.', fields)
    else this.log.debug('A command.', { ...fields, message: result.ok ? undefined : result.error.message })
  }

  private async run(client: number, said: string, given: unknown, signal: AbortSignal): Promise<ResultEnvelope> {
    const { name, input } = asCalledNow(said, given)
    try {
      if (!Object.hasOwn(commands, name)) throw new IsoldeError('UNKNOWN_COMMAND', `There is no command ${name}.`)
      const known = name as CommandName
      const request = commands[known].input.safeParse(input)
      if (!request.success) throw new IsoldeError('BAD_REQUEST', rejectionOf(name, request.error.issues[0]))
      const handler = this.handlers[known] as (input: unknown, call: { client: number; signal: AbortSignal }) => unknown
      const call = { client, signal }
      try {
        return { ok: true, value: await handler(request.data, call) }
      } catch (error) {
        // Once more: a temporary catalog has replaced one that failed.
        if (!this.catalogFailed(error)) throw error
        return { ok: true, value: await handler(request.data, call) }
      }
    } catch (error) {
      return { ok: false, error: toErrorShape(error) }
    }
  }

  /**
   * Goes on with a temporary catalog where an error means that this one cannot be used any more: its disk is full, gone or
   * read-only. Images must be opened again; windows are told, and say that nothing will be remembered.
   * @returns whether that was so
   */
  private catalogFailed(error: unknown): boolean {
    const { code, details } = toErrorShape(error)
    const cause = typeof details?.cause === 'string' ? details.cause : ''
    if (code !== 'CATALOG_OFF' || !isFailure(cause) || this.isClosed) return false
    const { catalog } = this.services
    if (!catalog.isPersistent) return false
    this.services.catalog = openFallback(catalog.path, { code: cause })
    for (const thread of [this.queryThread, this.libraryThread]) void thread?.terminate()
    this.queryThread = null
    this.libraryThread = null
    this.services.images.abandon()
    this.emit('catalog.failed', { problem: this.services.catalog.problem ?? '' })
    return true
  }

  private replaceJobs(error: unknown): SqliteJobStore | null {
    // Another part of the engine may have found out first.
    if (!this.catalogFailed(error) && this.services.catalog.isPersistent) return null
    try {
      this.jobConnection.close()
    } catch {
      // A database that is gone need not be closed well.
    }
    this.jobConnection = connect(this.services.catalog.path, 'write')
    return new SqliteJobStore(this.jobConnection)
  }

  private emit<Name extends EventName>(name: Name, payload: EventPayload<Name>, client?: number): void {
    const message: EngineMessage = { type: 'event', name, payload: events[name].parse(payload) }
    for (const receiver of client === undefined ? this.clients : [client]) this.send(receiver, message)
  }

  /** Started when it is first needed: a window that only browses does without. */
  private library(): Thread<LibraryMethods> {
    const own: LibraryOwnerMethods = {
      searchProgress: (progress) => {
        this.emit('search.progress', progress)
      },
    }
    if (this.libraryThread) return this.libraryThread
    const thread: Thread<LibraryMethods> = startThread<LibraryMethods>('library-worker', own, {
      data: { catalogPath: this.services.catalog.path },
      onExit: () => {
        if (this.libraryThread === thread) this.libraryThread = null
      },
    })
    this.libraryThread = thread
    return thread
  }

  /** Started when it is first needed: most windows put nothing together. */
  private projects(): Thread<ProjectMethods> {
    if (this.projectThread) return this.projectThread
    const thread: Thread<ProjectMethods> = startThread<ProjectMethods>(
      'project-worker',
      {},
      {
        data: { home: this.services.options.home },
        onExit: () => {
          if (this.projectThread === thread) this.projectThread = null
        },
      },
    )
    this.projectThread = thread
    return thread
  }

  private queries(): Thread<QueryMethods> {
    if (this.queryThread) return this.queryThread
    const thread: Thread<QueryMethods> = startThread<QueryMethods>(
      'query-worker',
      {},
      {
        data: { catalogPath: this.services.catalog.path },
        onExit: () => {
          if (this.queryThread === thread) this.queryThread = null
        },
      },
    )
    this.queryThread = thread
    return thread
  }
}

/** The number that a malformed message of a client wants its answer to have; null where it is no command with one. */
function numberOfCommand(raw: unknown): number | null {
  if (typeof raw !== 'object' || raw === null) return null
  const { type, id } = raw as { type?: unknown; id?: unknown }
  return type === 'command' && typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : null
}

/** What the contract says for people stands alone; what its library says is of a command. */
function rejectionOf(name: string, issue: { code?: string | undefined; message: string } | undefined): string {
  return issue?.code === 'custom' ? issue.message : `${name}: ${issue?.message ?? 'malformed'}`
}
