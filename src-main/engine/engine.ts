import { randomUUID } from 'node:crypto'
import os from 'node:os'
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
} from '../../src-shared/contract'
import { connect, prepareCatalog, releaseCatalog, SqliteJobStore, type Connection } from '../catalog'
import { removeKeptStage } from '../extract/stage'
import { FolderWatcher } from '../files/folder-watcher'
import { JobQueue } from '../jobs'
import { SettingsFile } from '../settings/settings'
import { FolderRows } from './folder-rows'
import { makeHandlers, type Handlers } from './handlers'
import { ImageRegistry } from './image-registry'
import { parseSettings } from './parse-settings'
import { threadRunner } from './job-runner'
import type { EngineOptions, EngineParts } from './parts'
import type { QueryMethods } from './query-service'
import { StagingArea } from './staging'
import { startThread, type Thread } from './threads'
import { disksOf } from './disks'
import { Uploads } from './uploads'

/** Sends a message to one client. */
export type Send = (client: number, message: EngineMessage) => void

const RENEW_LEASES_EVERY_MS = 10_000

/**
 * The engine: owns images, catalog and jobs, and answers clients. Its own thread only routes; parsing, sorting and
 * writing happen in threads of their own, so that it always answers at once.
 */
export class Engine {
  private readonly parts: EngineParts
  private readonly handlers: Handlers
  private readonly clients = new Set<number>()
  private readonly calls = new Map<string, AbortController>()
  private readonly watched = new Map<number, string[]>()
  private readonly watcher: FolderWatcher
  private readonly jobConnection: Connection
  private readonly renewal: NodeJS.Timeout
  private queryThread: Thread<QueryMethods> | null = null
  private isClosed = false

  constructor(
    options: EngineOptions,
    private readonly send: Send,
  ) {
    const catalog = prepareCatalog(path.join(options.home, 'catalog.sqlite'))
    const folders = new FolderRows()
    const uploads = new Uploads((name, payload, client) => {
      this.emit(name, payload, client)
    })
    this.jobConnection = connect(catalog.path, 'write')
    this.watcher = new FolderWatcher((folder) => {
      folders.forget(folder)
      this.emit('folder.changed', { path: folder })
    })
    const jobs = new JobQueue({
      store: new SqliteJobStore(this.jobConnection),
      run: threadRunner((request) => uploads.askOwner(request)),
      onSnapshot: (snapshot) => {
        this.emit('job.snapshot', snapshot)
      },
      onRemoved: (job) => {
        this.emit('job.removed', { job })
      },
      onAbandoned: ({ destination, id }) => void removeKeptStage(destination, id),
      owner: `${os.hostname()}:${process.pid}:${randomUUID()}`,
      isOwnerAlive,
      disksOf,
      newId: () => randomUUID(),
      now: () => Date.now(),
    })
    this.parts = {
      options,
      catalog,
      folders,
      uploads,
      jobs,
      staging: new StagingArea(),
      settings: new SettingsFile(path.join(options.home, 'settings.json'), parseSettings, (settings) => {
        this.emit('settings.changed', settings)
      }),
      images: new ImageRegistry(
        catalog.path,
        (name, payload, client) => {
          this.emit(name, payload, client)
        },
        (client, request) => uploads.ask(client, request),
      ),
      queries: () => this.queries(),
      watch: (client, paths) => {
        this.watched.set(client, paths)
        this.watcher.set([...this.watched.values()].flat())
      },
    }
    this.handlers = makeHandlers(this.parts)
    this.renewal = setInterval(() => {
      jobs.renewLeases()
    }, RENEW_LEASES_EVERY_MS)
    this.renewal.unref()
    this.queries()
    this.parts.images.prepare()
    jobs.restore()
  }

  openClient(client: number): void {
    this.clients.add(client)
  }

  closeClient(client: number): void {
    this.clients.delete(client)
    this.watched.delete(client)
    this.watcher.set([...this.watched.values()].flat())
    this.parts.uploads.releaseClient(client)
    void this.parts.images.releaseClient(client)
    for (const [key, call] of this.calls) if (key.startsWith(`${client}:`)) call.abort()
  }

  /** Takes a message of a client: anything at all may arrive, and is answered if it has a number to answer to. */
  receive(client: number, raw: unknown): void {
    const message = clientMessage.safeParse(raw)
    if (!message.success) return
    if (message.data.type === 'cancel') this.calls.get(`${client}:${message.data.id}`)?.abort()
    else void this.answer(client, message.data)
  }

  /** Asks every window to open these images: another start of the program, or the system. */
  requestOpen(paths: string[]): void {
    this.emit('open.requested', { paths })
  }

  /** Whether closing now would interrupt something. */
  isBusy(): boolean {
    return this.parts.jobs.isBusy()
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    clearInterval(this.renewal)
    this.parts.jobs.stop()
    this.watcher.close()
    await this.parts.images.closeAll()
    await this.queryThread?.terminate()
    this.jobConnection.close()
    this.parts.staging.close()
    releaseCatalog(this.parts.catalog)
  }

  private async answer(client: number, message: Extract<ClientMessage, { type: 'command' }>): Promise<void> {
    const key = `${client}:${message.id}`
    const abort = new AbortController()
    this.calls.set(key, abort)
    const result = await this.run(client, message.name, message.input, abort.signal)
    this.calls.delete(key)
    this.send(client, { type: 'result', id: message.id, result })
  }

  private async run(client: number, name: string, input: unknown, signal: AbortSignal): Promise<ResultEnvelope> {
    try {
      if (!Object.hasOwn(commands, name)) throw new IsoldeError('UNKNOWN_COMMAND', `There is no command ${name}.`)
      const known = name as CommandName
      const request = commands[known].input.safeParse(input)
      if (!request.success)
        throw new IsoldeError('BAD_REQUEST', `${name}: ${request.error.issues[0]?.message ?? 'malformed'}`)
      const handler = this.handlers[known] as (input: unknown, call: { client: number; signal: AbortSignal }) => unknown
      const value = await handler(request.data, { client, signal })
      return { ok: true, value }
    } catch (error) {
      return { ok: false, error: toErrorShape(error) }
    }
  }

  private emit<Name extends EventName>(name: Name, payload: EventPayload<Name>, client?: number): void {
    const message: EngineMessage = { type: 'event', name, payload: events[name].parse(payload) }
    for (const receiver of client === undefined ? this.clients : [client]) this.send(receiver, message)
  }

  private queries(): Thread<QueryMethods> {
    this.queryThread ??= startThread<QueryMethods>(
      'query-worker',
      {},
      {
        data: { catalogPath: this.parts.catalog.path },
        onExit: () => {
          this.queryThread = null
        },
      },
    )
    return this.queryThread
  }
}

/** An owner on another computer (a shared profile) cannot be asked; its lease runs out by itself. */
function isOwnerAlive(owner: string): boolean {
  const [host, processId] = owner.split(':')
  if (host !== os.hostname()) return true
  try {
    process.kill(Number(processId), 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}
