import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import { call, desktop, on } from '../api'
import { folderName } from '../rows/names'
import type { ConflictAnswer, JobSnapshot } from '../../../src-shared/model'

export const ACTIVE_STATES: readonly JobSnapshot['state'][] = ['queued', 'running', 'paused']
/** Points of the throughput graph that are kept for each job. */
const GRAPH_POINTS = 120

/** Looking at what a job would do takes no longer, as a rule. */
const SHOWN_AFTER_MS = 100
const NOTHING_YET = {
  kind: 'extract',
  state: 'running',
  bytesDone: 0,
  bytesTotal: 0,
  entriesDone: 0,
  entriesTotal: 0,
  current: '',
  isCounting: true,
  bytesPerSecond: 0,
  secondsLeft: null,
  question: null,
  result: null,
  error: null,
} as const

type EndListener = (job: JobSnapshot) => void

/** The queue as the engine last told it. */
export const useJobs = defineStore('jobs', () => {
  const byId = shallowReactive(new Map<string, JobSnapshot>())
  /** Bytes per second, the latest last. */
  const speeds = shallowReactive(new Map<string, number[]>())
  const endListeners = new Set<EndListener>()
  /** What is not with the engine yet, by its id: who cancels it. */
  const counting = new Map<string, AbortController>()

  const all = computed(() => [...byId.values()].sort((a, b) => a.position - b.position || a.createdAt - b.createdAt))
  const active = computed(() => all.value.filter((job) => ACTIVE_STATES.includes(job.state)))
  /** Those that stand in the engine's queue, in its order: what is only being looked at has no place in it yet. */
  const ordered = computed(() => active.value.filter(({ id }) => !counting.has(id)))
  /** Those that came to their end, well or not. */
  const over = computed(() => all.value.filter((job) => !ACTIVE_STATES.includes(job.state)))
  const failed = computed(() => all.value.filter((job) => job.state === 'failed'))
  const asking = computed(() => all.value.find((job) => job.question !== null) ?? null)

  /** How far the extraction of an image has come, 0–1; null while there is none. */
  function extractedOf(imageName: string): number | null {
    const job = active.value.find(({ kind, sourceName }) => kind === 'extract' && sourceName === imageName)
    return job ? (job.bytesTotal > 0 ? Math.min(1, job.bytesDone / job.bytesTotal) : 0) : null
  }

  /** Until then a job that is over may have been so for days: an engine that starts tells of all that it remembers. */
  let isLoaded = false

  async function load(): Promise<void> {
    const { jobs } = await call('job.list', {})
    byId.clear()
    for (const job of jobs) byId.set(job.id, job)
    isLoaded = true
    // Of an engine that has started anew and does not know them any more.
    for (const [id, resolve] of [...waiting])
      if (!byId.has(id)) {
        waiting.delete(id)
        resolve(null)
      }
    if (active.value.length > 0) showInTaskbar()
  }

  /** Hears of every job that comes to its end while the window looks on. */
  function onEnd(listener: EndListener): void {
    endListeners.add(listener)
  }

  const waiting = new Map<string, (end: JobSnapshot | null) => void>()

  /**
   * How a job ends; who asks tells the person, and nobody else does. Null where it is gone before that, or somebody asks
   * anew.
   */
  function ended(id: string): Promise<JobSnapshot | null> {
    const known = byId.get(id)
    if (known && !ACTIVE_STATES.includes(known.state)) return Promise.resolve(known)
    waiting.get(id)?.(null)
    return new Promise((resolve) => waiting.set(id, resolve))
  }

  function take(job: JobSnapshot): void {
    const before = byId.get(job.id)
    byId.set(job.id, job)
    if (job.state === 'running')
      speeds.set(job.id, [...(speeds.get(job.id) ?? []), job.bytesPerSecond].slice(-GRAPH_POINTS))
    const wasActive = before === undefined || ACTIVE_STATES.includes(before.state)
    if (wasActive && !ACTIVE_STATES.includes(job.state)) {
      const own = waiting.get(job.id)
      waiting.delete(job.id)
      if (own) own(job)
      else if (job.isPart !== true && (isLoaded || before !== undefined))
        for (const listener of endListeners) listener(job)
    }
    showInTaskbar()
  }

  /** Moves a waiting or running job one place up or down among those that are not over. */
  async function shift(job: string, by: 1 | -1): Promise<void> {
    const at = ordered.value.findIndex(({ id }) => id === job)
    const to = at + by
    if (at < 0 || to < 0 || to >= ordered.value.length) return
    await move(job, (by < 0 ? ordered.value[to] : ordered.value[to + 1])?.id ?? null)
  }

  /** Puts a job before another one; null: at the end. */
  function move(job: string, before: string | null): Promise<unknown> {
    return call('job.move', { job, before })
  }

  function showInTaskbar(): void {
    const total = active.value.reduce((sum, job) => sum + job.bytesTotal, 0)
    const done = active.value.reduce((sum, job) => sum + job.bytesDone, 0)
    desktop?.setProgress(active.value.length === 0 ? null : total > 0 ? Math.min(1, done / total) : 0)
  }

  let lastCounting = 0

  /**
   * Shows a job before the engine has it, while is looked at what it would do; whoever cancels it aborts the signal. Short
   * work is not shown.
   */
  async function whileCounting<Answer>(
    { sourceName, destination }: Pick<JobSnapshot, 'sourceName' | 'destination'>,
    work: (cancelled: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const id = `counting-${++lastCounting}`
    const controller = new AbortController()
    counting.set(id, controller)
    const timer = setTimeout(() => {
      const position = Math.max(0, ...[...byId.values()].map((job) => job.position)) + 1
      const title = { code: 'title', parameters: { source: sourceName, destination: folderName(destination) } }
      byId.set(id, {
        ...NOTHING_YET,
        problems: [],
        title,
        id,
        sourceName,
        destination,
        position,
        createdAt: Date.now(),
      })
    }, SHOWN_AFTER_MS)
    try {
      return await work(controller.signal)
    } finally {
      clearTimeout(timer)
      counting.delete(id)
      byId.delete(id)
    }
  }

  function cancel(job: string): Promise<unknown> {
    const own = counting.get(job)
    if (!own) return call('job.cancel', { job })
    own.abort()
    return Promise.resolve()
  }

  on('job.snapshot', take)
  on('job.removed', ({ job }) => {
    waiting.get(job)?.(null)
    waiting.delete(job)
    byId.delete(job)
    speeds.delete(job)
    showInTaskbar()
  })

  return {
    all,
    active,
    ordered,
    over,
    failed,
    asking,
    speeds,
    extractedOf,
    load,
    onEnd,
    ended,
    pause: (job: string) => call('job.pause', { job }),
    resume: (job: string) => call('job.resume', { job }),
    whileCounting,
    cancel,
    retryFailed: (job: string) => call('job.retryFailed', { job }),
    retry: (job: string) => call('job.retry', { job }),
    dismiss: (job: string) => call('job.dismiss', { job }),
    move,
    shift,
    answer: (job: string, answer: ConflictAnswer) => call('job.answer', { job, answer }),
  }
})
