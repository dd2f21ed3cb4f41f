import fs from 'node:fs'
import path from 'node:path'
import { engineMessage, events, type OpenedImage } from '../../src-shared/contract'
import { IsoldeError, type EngineLink } from '../engine'
import { createEngineClient, type EngineClient } from '../host/engine-client'
import type { LaunchRequest } from './arguments'
import {
  addLaunch,
  cancelWaiting,
  changeItem,
  nextItem,
  ownFolder,
  takeSnapshot,
  type ShellItem,
  type ShellQueue,
} from './shell-queue'
import { shellLanguage, type ShellLanguage } from './shell-words'

/** Works off the queue of the file manager's actions over the engine's contract, like any other client. */
export class ShellRunner {
  private queue: ShellQueue = []
  private readonly client: EngineClient
  private wentWrong = false

  constructor(
    link: EngineLink,
    private readonly onChange: (queue: ShellQueue) => void,
    private readonly language: () => ShellLanguage = () => shellLanguage('en', []),
  ) {
    this.client = createEngineClient(
      withEvents(link, (name, payload) => {
        this.receive(name, payload)
      }),
    )
  }

  get items(): ShellQueue {
    return this.queue
  }

  /** Whether anything of what was asked for has failed, even if that has been read and closed. */
  get hasFailed(): boolean {
    return this.wentWrong
  }

  add(launch: LaunchRequest): void {
    this.set(addLaunch(this.queue, launch))
    this.next()
  }

  /** The window has been closed: what was told need not be told again. */
  clear(): void {
    this.queue = []
  }

  async cancel(): Promise<void> {
    this.set(cancelWaiting(this.queue))
    const working = this.queue.filter((item) => item.state === 'working')
    for (const { id, job } of working) {
      try {
        if (job !== null) await this.client.call('job.cancel', { job })
        else this.change(id, { state: 'cancelled' })
      } catch {
        // An engine that is gone for good says of no job that it has ended.
        this.change(id, { state: 'cancelled' })
      }
    }
  }

  private next(): void {
    const item = nextItem(this.queue)
    if (!item) return
    this.change(item.id, { state: 'opening' })
    void this.work(item).catch((error: unknown) => {
      this.change(item.id, { state: 'failed', message: error instanceof Error ? error.message : String(error) })
      this.next()
    })
  }

  private async work(item: ShellItem): Promise<void> {
    const opened = await this.open(item.image)
    try {
      if (!this.isWanted(item)) return
      if (item.action === 'verify') await this.verify(item, opened)
      else await this.extract(item, opened)
    } finally {
      await this.client.call('image.close', { image: opened.image }).catch(() => undefined)
      this.next()
    }
  }

  /** An engine that dies over one image is started anew, and then asked once more: it may have died of another. */
  private async open(image: string): Promise<OpenedImage> {
    const ask = () => this.client.call('image.open', { location: { kind: 'path', path: image } })
    try {
      return await ask()
    } catch (error) {
      if (error instanceof IsoldeError && error.code === 'ENGINE_GONE') return ask()
      throw error
    }
  }

  private extract(item: ShellItem, opened: OpenedImage): Promise<void> {
    const beside = path.dirname(item.image)
    const isHere = item.action === 'extract-here'
    return this.follow(
      item,
      this.client.call('job.start', {
        kind: 'extract',
        spec: {
          image: opened.image,
          generation: opened.generation,
          view: opened.info.defaultViewId,
          entries: null,
          destination: isHere ? beside : (item.destination ?? ownFolder(item.image, fs.existsSync)),
          // Nobody is there to be asked: what is taken gets a number.
          conflicts: 'rename',
          smart: isHere,
        },
      }),
    )
  }

  private verify(item: ShellItem, opened: OpenedImage): Promise<void> {
    const { image, generation, info } = opened
    return this.follow(
      item,
      this.client.call('job.start', { kind: 'verify', spec: { image, generation, view: info.defaultViewId } }),
    )
  }

  private async follow(item: ShellItem, added: Promise<{ job: string }>): Promise<void> {
    const { job } = await added
    if (!this.isWanted(item)) {
      await this.client.call('job.cancel', { job })
      return
    }
    this.change(item.id, { state: 'working', job })
    // A job that has already ended may have said so before its id was known here.
    const { jobs } = await this.client.call('job.list', {})
    const snapshot = jobs.find((candidate) => candidate.id === job)
    if (snapshot) this.set(takeSnapshot(this.queue, snapshot, this.language()))
  }

  private isWanted(item: ShellItem): boolean {
    return this.queue.some(({ id, state }) => id === item.id && (state === 'opening' || state === 'working'))
  }

  private receive(name: string, payload: unknown): void {
    if (name === 'job.snapshot') {
      const snapshot = events['job.snapshot'].safeParse(payload)
      if (!snapshot.success) return
      this.set(takeSnapshot(this.queue, snapshot.data, this.language()))
      this.next()
    }
  }

  private change(id: number, change: Partial<ShellItem>): void {
    this.set(changeItem(this.queue, id, change))
  }

  private set(queue: ShellQueue): void {
    this.queue = queue
    this.wentWrong ||= queue.some(({ state }) => state === 'failed')
    this.onChange(queue)
  }
}

/** The same line to the engine, with what it tells unasked heard on the way. */
function withEvents(link: EngineLink, receive: (name: string, payload: unknown) => void): EngineLink {
  return {
    post: (client, message) => {
      link.post(client, message)
    },
    openClient: (listener) =>
      link.openClient((raw) => {
        listener(raw)
        const message = engineMessage.safeParse(raw)
        if (message.success && message.data.type === 'event') receive(message.data.name, message.data.payload)
      }),
    closeClient: (client) => {
      link.closeClient(client)
    },
    isBusy: () => link.isBusy(),
    requestOpen: (paths) => {
      link.requestOpen(paths)
    },
    close: () => link.close(),
  }
}
