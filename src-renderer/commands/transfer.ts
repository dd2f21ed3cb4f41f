import { call } from '../data/api'
import { t } from '../base/locales'
import { folderAround, isListed, lastPart, type PaneAddress } from '../data/rows/address'
import { folderName } from '../data/rows/names'
import { extractHits } from '../data/rows/hits'
import { useEngine } from '../data/stores/engine'
import { usePanes, type Tab } from '../data/stores/panes'
import { useSettings } from '../data/stores/settings'
import { reportErrors, report, worded } from '../data/errors'
import { preflightExtraction, startExtraction } from './preflight'
import { addToProject, placeInProject } from './project-edits'
import { openImageOf, pathsOf } from './open-image-of'
import { isReadable, meantEntries, meantOf } from './meant'

/** What F5 and the button below a pane will do, said before it is done. */
export interface TransferPlan {
  kind: 'extract' | 'copy' | 'add'
  /** 0: everything. */
  itemCount: number
  /** Set where one folder of an image is meant as a whole. */
  wholeFolder: string | null
  destination: string
  destinationName: string
}

/** The folder that things from `tab` go to: what the other pane shows, or else a place that makes sense. */
export function destinationFor(tab: Tab, other: Tab): string {
  if (other.address.kind === 'folder') return other.address.path
  const { address } = tab
  const isBeside = useSettings().current.extractTo === 'beside'
  if (isBeside && address.kind === 'image' && address.location.kind === 'path')
    return folderAround(address.location.path)
  return useEngine().downloadsFolder
}

/** What a transfer out of `tab` would do now; null where there is nothing to transfer. */
export function planTransfer(tab: Tab, other: Tab): TransferPlan | null {
  const { address, listing } = tab
  const { kind, count } = meantOf(tab)
  if (listing.state.status !== 'ready' || !isListed(address) || !isReadable(tab)) return null
  // What is being put together is nowhere yet.
  if (address.kind === 'project') return null
  const itemCount = kind === 'selected' || address.kind === 'image' ? count : 0
  if (address.kind === 'search') {
    if (itemCount === 0) return null
    const destination = destinationFor(tab, other)
    return { kind: 'extract', itemCount, wholeFolder: null, destination, destinationName: folderName(destination) }
  }
  const { address: to } = other
  if (to.kind === 'project') {
    if (address.kind === 'folder' ? itemCount === 0 : listing.state.total === 0) return null
    const whole = kind === 'folder' && address.path !== '' ? lastPart(address.path) : null
    return { kind: 'add', itemCount, wholeFolder: whole, destination: to.path, destinationName: placeInProject(to) }
  }
  if (address.kind === 'folder') {
    if (itemCount === 0 || other.address.kind !== 'folder' || other.address.path === address.path) return null
    const destination = other.address.path
    return { kind: 'copy', itemCount, wholeFolder: null, destination, destinationName: folderName(destination) }
  }
  if (listing.state.total === 0) return null
  const destination = destinationFor(tab, other)
  const wholeFolder = kind === 'folder' && address.path !== '' ? lastPart(address.path) : null
  return { kind: 'extract', itemCount, wholeFolder, destination, destinationName: folderName(destination) }
}

/** Starts what `planTransfer` says. */
export async function runTransfer(tab: Tab, plan: TransferPlan): Promise<void> {
  const conflicts = useSettings().current.conflictPolicy
  await reportErrors(async () => {
    if (plan.kind === 'add') return addToProject(tab, usePanes().otherOf(tab))
    if (plan.kind === 'copy') {
      await call('job.start', { kind: 'copy', spec: { paths: pathsOf(tab), destination: plan.destination, conflicts } })
      return
    }
    if (tab.address.kind === 'search') {
      await extractHits(tab.listing.selection.keys.list(), plan.destination, conflicts)
      return
    }
    const { image, generation, view } = openImageOf(tab)
    const isWhole = meantOf(tab).kind === 'everything'
    const entries = await meantEntries(tab)
    const { destination } = plan
    if (!(await preflightExtraction({ image, generation, view, entries, destination }))) return
    const smart = isWhole && useSettings().current.extractIntoFolder
    await startExtraction({ image, generation, view, entries, destination, conflicts, smart })
  })
}

/** F6: from one folder of this computer into another. */
export async function moveBetweenFolders(): Promise<void> {
  const panes = usePanes()
  const { activeTab, otherTab } = panes
  await reportErrors(async () => {
    if (activeTab.address.kind === 'image') throw worded('UNSUPPORTED_HERE', t('error.moveFromImage'))
    if (otherTab.address.kind !== 'folder') throw worded('NOT_A_FOLDER', t('error.otherPaneNoFolder'))
    if (isSameFolder(activeTab.address, otherTab.address)) throw worded('BAD_REQUEST', t('error.sameFolder'))
    const paths = pathsOf(activeTab)
    const conflicts = useSettings().current.conflictPolicy
    await call('job.start', { kind: 'move', spec: { paths, destination: otherTab.address.path, conflicts } })
  })
}

/** F5: extracts or copies from the active pane to the other one. */
export async function transferFromActive(): Promise<void> {
  const { activeTab, otherTab } = usePanes()
  // What was to be selected just before is meant.
  await activeTab.listing.selection.settled()
  const plan = planTransfer(activeTab, otherTab)
  if (plan) return runTransfer(activeTab, plan)
  report(worded('BAD_REQUEST', whyNoTransfer()))
}

/** Why F5 has nothing to do. */
export function whyNoTransfer(): string {
  const { activeTab, otherTab } = usePanes()
  return t(nothingToDo(activeTab.address, otherTab.address))
}

/** Why F6 has nothing to do. */
export function whyNoMove(): string {
  const { activeTab, otherTab } = usePanes()
  if (activeTab.address.kind === 'image') return t('error.moveFromImage')
  if (activeTab.address.kind === 'project') return t('project.moveWithin')
  if (otherTab.address.kind !== 'folder') return t('error.otherPaneNoFolder')
  return t('error.nothingSelected')
}

function nothingToDo(from: PaneAddress, to: PaneAddress): string {
  if (from.kind === 'start') return 'error.nothingHere'
  if (from.kind === 'project') return 'project.nothingToExtract'
  if (from.kind === 'folder' && to.kind === 'image') return 'error.copyIntoImage'
  if (from.kind === 'folder' && to.kind === 'start') return 'error.otherPaneNoFolder'
  if (isSameFolder(from, to)) return 'error.sameFolder'
  return 'error.nothingSelected'
}

/** By their paths; the same folder by another path is found by whoever copies or moves. */
export function isSameFolder(one: PaneAddress, other: PaneAddress): boolean {
  return one.kind === 'folder' && other.kind === 'folder' && one.path === other.path
}

export { openImageOf, pathsOf }
