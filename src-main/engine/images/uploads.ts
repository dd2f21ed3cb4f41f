import { IsoldeError } from '../../../src-shared/contract/errors'
import type { Broadcast } from './image-registry'

const ANSWER_WITHIN_MS = 60_000

/** Slices of files that were dropped on pages: asked for by event, answered by command. */
export class Uploads {
  private readonly waiting = new Map<
    number,
    { client: number; settle: (bytes: Uint8Array | null, problem?: string) => void }
  >()
  /** Which client holds which upload. */
  private readonly owners = new Map<string, number>()
  private lastRequest = 0

  constructor(private readonly report: Broadcast) {}

  own(upload: string, client: number): void {
    this.owners.set(upload, client)
  }

  ask(client: number, request: { upload: string; byteOffset: number; byteLength: number }): Promise<Uint8Array> {
    const id = ++this.lastRequest
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        settle(null, 'the page is not responding')
      }, ANSWER_WITHIN_MS)
      const settle = (bytes: Uint8Array | null, problem?: string): void => {
        clearTimeout(timer)
        this.waiting.delete(id)
        if (bytes) resolve(bytes)
        else reject(new IsoldeError('SOURCE_GONE', problem ?? 'The dropped file can no longer be read.'))
      }
      this.waiting.set(id, { client, settle })
      this.report('upload.wanted', { request: id, ...request }, client)
    })
  }

  /** For jobs, which outlive the question of who started them. */
  askOwner(request: { upload: string; byteOffset: number; byteLength: number }): Promise<Uint8Array> {
    const client = this.owners.get(request.upload)
    if (client === undefined)
      return Promise.reject(new IsoldeError('SOURCE_GONE', 'The page that holds the file is closed.'))
    return this.ask(client, request)
  }

  /** Only the page that was asked may answer. */
  answer(client: number, request: number, bytes: Uint8Array | null, problem?: string): void {
    const waiting = this.waiting.get(request)
    if (waiting?.client === client) waiting.settle(bytes, problem)
  }

  releaseClient(client: number): void {
    for (const [upload, owner] of this.owners) if (owner === client) this.owners.delete(upload)
    for (const waiting of [...this.waiting.values()])
      if (waiting.client === client) waiting.settle(null, 'The page that holds the file was closed.')
  }
}
