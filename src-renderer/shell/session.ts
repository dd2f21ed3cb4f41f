import { watch } from 'vue'
import { call, desktop, isConnected, on } from '../data/api'
import { openPath } from '../commands/actions'
import { report, reportErrors } from '../data/errors'
import { t } from '../base/locales'
import { nameOf } from '../data/rows/names'
import { announceEnd } from '../jobs/job-end'
import { useEngine } from '../data/stores/engine'
import { useImages } from '../data/stores/images'
import { useJobs } from '../data/stores/jobs'
import { useLayout } from '../data/stores/layout'
import { useFirstRun } from '../data/stores/first-run'
import { usePanes } from '../data/stores/panes'
import { useSettings } from '../data/stores/settings'
import { keepInStep } from './sync-panes'
import { keepVisited } from '../data/stores/places'
import { followProjects } from '../data/stores/project-tabs'
import { useToasts } from '../data/stores/toasts'
import { readUpload } from '../data/uploads'

/** Meets the engine, brings back what the window was at its last end, and keeps both in step from then on. */
export async function startSession(): Promise<void> {
  const engine = useEngine()
  const settings = useSettings()
  const panes = usePanes()
  const jobs = useJobs()
  listenToEngine()
  try {
    const [hello] = await Promise.all([engine.greet(), settings.load(), jobs.load()])
    useLayout().restore(settings.current.window.layout)
    if (settings.current.window.panes === undefined) {
      // The first start: the computer's side is at hand, the other waits for an image.
      panes.activeSide = 'right'
      void panes.go(panes.currentTab(panes.left), { kind: 'folder', path: engine.downloadsFolder })
    }
    panes.restore(settings.current.window.panes)
    keepVisited()
    followProjects()
    keepInStep()
    if (hello.settingsQuarantined !== null) reportPutAside(hello.settingsQuarantined)
    await openEarly(hello.openAtStart)
    void useFirstRun().recall()
    void reportErrors(() => useImages().recall())
  } catch (error) {
    report(error)
    await openEarly([])
  }
  keepTitle()
  guardEnd()
}

/** The keyboard begins where one works, unless somebody has put it elsewhere by then. */
export function beginInRows(): void {
  const isNowhere = document.activeElement === null || document.activeElement === document.body
  if (isNowhere) document.querySelector<HTMLElement>('.pane.active :is([data-rows], [data-start])')?.focus()
}

/** What was asked for before the window was as it had been, which would have taken its place; null from then on. */
let early: string[] | null = []

async function openEarly(first: readonly string[]): Promise<void> {
  for (const path of first) await openPath(path)
  const asked = early ?? []
  for (const path of asked) await openPath(path)
  early = null
}

function reportPutAside(path: string): void {
  useToasts().show({ tone: 'damage', title: t('toast.settingsQuarantined', { path }) })
}

function listenToEngine(): void {
  const jobs = useJobs()
  const panes = usePanes()
  const engine = useEngine()
  jobs.onEnd((job) => {
    announceEnd(job)
    for (const tab of [panes.activeTab, panes.otherTab])
      if (tab.address.kind === 'folder' && tab.address.path === job.destination) void panes.refresh(tab)
  })
  on('open.requested', ({ paths }) => {
    if (early) early.push(...paths)
    else for (const path of paths) void openPath(path)
  })
  on('settings.quarantined', ({ path }) => {
    reportPutAside(path)
  })
  on('engine.restarted', ({ reason }) => {
    useToasts().show({ tone: 'error', title: t('toast.restarted'), detail: t('toast.restartedReason', { reason }) })
    void reportErrors(async () => {
      await engine.greet()
      await jobs.load()
    })
  })
  on('catalog.failed', () => void reportErrors(() => engine.greet()))
  on('upload.wanted', ({ request, upload, byteOffset, byteLength }) => {
    void reportErrors(async () => {
      try {
        await call('upload.slice', { request, bytes: await readUpload(upload, byteOffset, byteLength) })
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error)
        await call('upload.slice', { request, bytes: null, problem })
      }
    })
  })
  let wasConnected = false
  watch(
    isConnected,
    (isUp) => {
      // The first connection is the start itself; a later one finds whatever happened meanwhile.
      if (isUp && wasConnected) void reportErrors(catchUp)
      if (isUp) wasConnected = true
    },
    { immediate: true },
  )
}

async function catchUp(): Promise<void> {
  await Promise.all([useEngine().greet(), useJobs().load()])
}

function keepTitle(): void {
  const panes = usePanes()
  watch(
    () => [panes.activeTab.address.kind, nameOf(panes.activeTab.address)] as const,
    ([kind, name]) => {
      const title = kind === 'start' ? 'Isolde' : `${name} – Isolde`
      document.title = title
      desktop?.setTitle(title)
    },
    { immediate: true },
  )
}

/** Leaving while something is being written is worth a question. */
function guardEnd(): void {
  const jobs = useJobs()
  window.addEventListener('beforeunload', (event) => {
    // On a desktop the program asks when it quits: a window may close while its jobs go on.
    if (!desktop && jobs.active.some((job) => job.state === 'running' && job.isPart !== true)) event.preventDefault()
  })
  window.addEventListener('pagehide', () => {
    usePanes().remember()
    void useSettings().saveNow()
  })
}
