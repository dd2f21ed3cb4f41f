import { workerData, type MessagePort } from 'node:worker_threads'
import { IsoldeError, toErrorShape, type ErrorShape } from '../../../src-shared/contract/errors'
import { FuseServer, MountTree, serveRequests } from '../../mount'
import { openLocation, type OpenedLocation } from '../images'

/** What the thread is told at its start. */
export interface MountWork {
  path: string
  inside: string[]
  charset: string | null
  /** Null: the default one. */
  view: string | null
  uid: number
  gid: number
}

/** What the thread says. It hears nothing while it serves: the kernel ends it. */
export type MountNotice =
  | { type: 'opened'; view: string; damage: string[] }
  | { type: 'refused'; error: ErrorShape }
  | { type: 'ready'; isAgreed: boolean }
  | { type: 'ended'; problem: string | null }

/** Opens the image, waits for the descriptor of a mounted file system, and serves that until it is unmounted. */
export function serveMount(port: MessagePort): void {
  const say = (notice: MountNotice): void => {
    port.postMessage(notice)
  }
  open(workerData as MountWork)
    .then(({ opened, server, view, damage }) => {
      server.onReady = (isAgreed) => {
        say({ type: 'ready', isAgreed })
      }
      port.once('message', (descriptor: number) => {
        void serveRequests(descriptor, server)
          .then(
            () => null,
            (error: unknown) => toErrorShape(error).message,
          )
          .then(async (problem) => {
            await opened.close()
            say({ type: 'ended', problem })
            port.close()
          })
      })
      say({ type: 'opened', view, damage })
    })
    .catch((error: unknown) => {
      say({ type: 'refused', error: toErrorShape(error) })
      port.close()
    })
}

interface OpenedMount {
  opened: OpenedLocation
  server: FuseServer
  view: string
  damage: string[]
}

async function open({ path, inside, charset, view: wanted, uid, gid }: MountWork): Promise<OpenedMount> {
  const opened = await openLocation(path, { inside: inside.map((each) => ({ view: null, path: each })), charset })
  try {
    const { image } = opened
    const id = wanted ?? image.info.defaultViewId
    if (!image.hasView(id)) {
      const known = image.info.views.map((view) => view.id).join(', ')
      throw new IsoldeError('NO_SUCH_VIEW', `${image.info.name} has no view “${id}”. It has: ${known}.`)
    }
    const view = image.view(id)
    const table = await view.readTree()
    const { byteLength } = image.blocks
    const isRewritten = (): boolean => opened.rewritten().length > 0
    const server = new FuseServer(new MountTree(table), { uid, gid, byteLength, isRewritten })
    const damage = [...new Set([...image.damage, ...table.damage].map(({ message }) => message))]
    return { opened, server, view: view.info.id, damage }
  } catch (error) {
    await opened.close()
    throw error
  }
}
