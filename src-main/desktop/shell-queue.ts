import path from 'node:path'
import type { EventPayload } from '../../src-shared/contract'
import { IMAGE_EXTENSIONS } from '../../src-shared/model'
import type { LaunchRequest } from './arguments'
import { shellLanguage, type ShellLanguage } from './shell-words'

/** What the file manager's actions asked for, as one queue; every decision about it, without doing anything. */

export type JobSnapshot = EventPayload<'job.snapshot'>
export type ShellAction = Exclude<LaunchRequest['action'], 'open'>
export type ItemState = 'waiting' | 'opening' | 'working' | 'done' | 'failed' | 'cancelled'

export interface ShellItem {
  id: number
  action: ShellAction
  image: string
  /** For `extract-to`; null means a folder of the image's own name, beside it. */
  destination: string | null
  state: ItemState
  /** The engine's id, once there is a job. */
  job: string | null
  bytesDone: number
  bytesTotal: number
  /** What is being written just now. */
  current: string
  /** At the end: what a person should know. */
  message: string | null
}

export type ShellQueue = readonly ShellItem[]

const ENGLISH = shellLanguage('en', [])

/**
 * Adds what a start asked for. The shell starts the program once for each file, so the same image may come again while
 * it is still at work: it is taken once.
 */
export function addLaunch(queue: ShellQueue, launch: LaunchRequest): ShellQueue {
  const { action, destination } = launch
  if (action === 'open') return queue
  let lastId = queue.at(-1)?.id ?? 0
  const added = launch.images
    .filter((image) => !queue.some((item) => isOpen(item) && item.image === image && item.action === action))
    .map((image): ShellItem => ({
      id: ++lastId,
      action,
      image,
      destination: action === 'extract-to' ? destination : null,
      state: 'waiting',
      job: null,
      bytesDone: 0,
      bytesTotal: 0,
      current: '',
      message: null,
    }))
  return [...queue, ...added]
}

/** One image at a time: a disk that reads two at once is slower than one that reads them in turn. */
export function nextItem(queue: ShellQueue): ShellItem | null {
  if (queue.some((item) => item.state === 'opening' || item.state === 'working')) return null
  return queue.find((item) => item.state === 'waiting') ?? null
}

export function changeItem(queue: ShellQueue, id: number, change: Partial<ShellItem>): ShellQueue {
  return queue.map((item) => (item.id === id && isOpen(item) ? { ...item, ...change } : item))
}

/** Takes in what the engine says of a job; of jobs that are not the queue's own it knows nothing. */
export function takeSnapshot(queue: ShellQueue, snapshot: JobSnapshot, language = ENGLISH): ShellQueue {
  const item = queue.find((candidate) => candidate.job === snapshot.id)
  if (!item) return queue
  const { bytesDone, bytesTotal, current } = snapshot
  return changeItem(queue, item.id, { bytesDone, bytesTotal, current, ...endOf(snapshot, language) })
}

function endOf(snapshot: JobSnapshot, { tag, words }: ShellLanguage): Partial<ShellItem> {
  const { result } = snapshot
  const isCheck = snapshot.kind === 'verify'
  switch (snapshot.state) {
    case 'done': {
      const problems = result?.problems ?? 0
      const number = (value: number): string => value.toLocaleString(tag)
      if (problems === 0) {
        if (!isCheck) return { state: 'done' }
        const sums = result?.kind === 'verify' ? result.sums : 0
        return { state: 'done', message: sums === 0 ? words.nothingToCheck : words.passed(number(sums)) }
      }
      const [first] = snapshot.problems
      const reason = first?.message ?? first?.status ?? ''
      // A check's own sentence names its file.
      const example = first ? (isCheck ? ` ${reason}` : ` “${first.path}”: ${reason}`) : ''
      const say = isCheck ? words.notPassed : words.problems
      return { state: 'failed', message: say(number(problems), example) }
    }
    case 'failed':
      return { state: 'failed', message: snapshot.error?.message ?? (isCheck ? words.notChecked : words.notExtracted) }
    case 'cancelled':
      return { state: 'cancelled' }
    case 'queued':
    case 'running':
    case 'paused':
      return {}
  }
}

/** What waits is not begun; what is at work is cancelled by the engine, which then says so. */
export function cancelWaiting(queue: ShellQueue): ShellQueue {
  return queue.map((item) =>
    item.state === 'waiting' || item.state === 'opening' ? { ...item, state: 'cancelled' as const } : item,
  )
}

export function isSettled(queue: ShellQueue): boolean {
  return !queue.some(isOpen)
}

function isOpen(item: ShellItem): boolean {
  return item.state === 'waiting' || item.state === 'opening' || item.state === 'working'
}

/** Whether the small window has nothing left to tell: nothing at work, nothing wrong, and no answer to be read. */
export function mayCloseItself(queue: ShellQueue): boolean {
  return isSettled(queue) && queue.every((item) => item.message === null)
}

/**
 * Whether the actions need the small window. Where the real one is there, its own queue shows the jobs; what has no job
 * (an image that does not open, the answer of a check) would be told by nobody.
 */
export function needsWindow(queue: ShellQueue, hasMainWindow: boolean): boolean {
  if (queue.length === 0) return false
  return (
    !hasMainWindow || queue.some((item) => item.action === 'verify' || (item.message !== null && item.job === null))
  )
}

/** What the small window shows. */
export interface ShellView {
  title: string
  /** The image and what is being done to it. */
  detail: string
  /** Between 0 and 1; null while it is not known. */
  fraction: number | null
  isDone: boolean
  /** Whether something went wrong, for the colour. */
  isBad: boolean
  lines: string[]
  /** What its one button does now. */
  button: string
  language: string
  direction: 'ltr' | 'rtl'
}

export function describe(queue: ShellQueue, { tag, direction, words }: ShellLanguage = ENGLISH): ShellView {
  const active = queue.find((item) => item.state === 'opening' || item.state === 'working')
  const ended = queue.filter((item) => !isOpen(item)).length
  const isDone = isSettled(queue)
  const action = (active ?? queue.at(-1))?.action
  const doing = action === 'verify' ? words.checking : words.extracting
  const isBad = queue.some((item) => item.state === 'failed')
  const position = queue.length > 1 ? ` (${words.position(Math.min(ended + 1, queue.length), queue.length)})` : ''
  return {
    title: isDone ? (isBad ? words.finishedBadly : words.finished) : `${doing}${position}`,
    detail: active ? [fileName(active.image), active.current].filter((part) => part !== '').join(' › ') : '',
    fraction: isDone ? 1 : overall(queue, ended, active),
    isDone,
    isBad,
    lines: queue
      .filter((item) => item.message !== null)
      .map((item) => `${fileName(item.image)}: ${item.message ?? ''}`),
    button: isDone ? words.close : words.cancel,
    language: tag,
    direction,
  }
}

/** Images count alike: the size of the later ones is not known before they are opened. */
function overall(queue: ShellQueue, ended: number, active: ShellItem | undefined): number | null {
  const own = active && active.bytesTotal > 0 ? Math.min(1, active.bytesDone / active.bytesTotal) : null
  if (own === null && queue.length === 1) return null
  return (ended + (own ?? 0)) / queue.length
}

/** The folder that “Extract to its own folder” makes: beside the image and named like it, numbered where that is taken. */
export function ownFolder(image: string, isTaken: (folder: string) => boolean): string {
  const folder = path.dirname(image)
  const name = imageStem(path.basename(image))
  for (let number = 1; ; number++) {
    const candidate = path.join(folder, number === 1 ? name : `${name} (${number})`)
    if (!isTaken(candidate)) return candidate
  }
}

const KNOWN_EXTENSIONS = new Set(IMAGE_EXTENSIONS)

/** `debian.iso.gz` → `debian`; a name without a known extension gets a word more, since the file itself has that name. */
export function imageStem(name: string): string {
  let stem = name
  for (;;) {
    const { name: shorter, ext } = path.parse(stem)
    if (shorter === '' || !KNOWN_EXTENSIONS.has(ext.slice(1).toLowerCase())) break
    stem = shorter
  }
  // Windows drops dots and spaces at the end of a folder's name, and would then look for another one.
  const clean = stem.replace(/[. ]+$/, '')
  return clean === '' || clean === name ? `${name} contents` : clean
}

function fileName(image: string): string {
  return path.basename(image)
}
