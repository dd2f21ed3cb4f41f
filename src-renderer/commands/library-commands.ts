import { call } from '../data/api'
import { reportErrors, worded } from '../data/errors'
import { isOpenImage, meantEntries } from './meant'
import { openImageOf } from './transfer'
import type { Command } from './command'
import { viewOf } from '../jobs/registry'
import { reasonOf, sayer, titleOf } from '../jobs/say'
import { t } from '../base/locales'
import { locationKey, type PageAddress } from '../data/rows/address'
import { nameOf } from '../data/rows/names'
import { useEngine } from '../data/stores/engine'
import { useJobs } from '../data/stores/jobs'
import { useLayout } from '../data/stores/layout'
import { usePanes, type Tab } from '../data/stores/panes'
import { useToasts } from '../data/stores/toasts'
import { searchFilter, type HashAlgorithm, type JobStartSpec } from '../../src-shared/contract'
import { announceEnd } from '../jobs/job-end'
import type { JobSnapshot } from '../../src-shared/model'
import { chooseFolder } from './choose-folder'
import { saveExport } from './save-export'
import { unless, whenOpenImage } from './why-not'

const tab = (): Tab => usePanes().activeTab
const isImage = (): boolean => isOpenImage(tab())
const canExport = (): boolean => isImage() || (tab().address.kind === 'search' && tab().listing.state.total > 0)

/** What can be done across images, and with what the catalog knows of one. */
export function createLibraryCommands(): Command[] {
  return [
    { id: 'searchAll', menu: 'tools', keys: ['Alt+F7'], startsSection: true, run: openSearch },
    {
      id: 'library',
      menu: 'tools',
      keys: ['Alt+L'],
      run: () => openPage({ kind: 'page', page: 'library', images: [] }),
    },
    { id: 'watchFolder', menu: 'tools', keys: ['Alt+Shift+L'], run: watchFolder },
    { id: 'indexInside', menu: 'tools', keys: ['Alt+Shift+Z'], ...whenOpenImage, run: indexInside },
    {
      id: 'compare',
      menu: 'tools',
      keys: ['Alt+K'],
      isEnabled: () => sidesToCompare().length > 0,
      whyNot: () => t('compare.needsTwo'),
      run: openCompare,
    },
    { id: 'duplicates', menu: 'tools', keys: ['Alt+U'], run: openDuplicates },
    {
      id: 'hash',
      menu: 'tools',
      keys: ['Alt+H'],
      startsSection: true,
      ...whenOpenImage,
      run: () => hashSelection('sha256'),
    },
    { id: 'hashBlake3', menu: 'tools', keys: ['Alt+Shift+H'], ...whenOpenImage, run: () => hashSelection('blake3') },
    { id: 'exportSums', menu: 'tools', keys: ['Mod+Shift+S'], ...whenOpenImage, run: exportSums },
    {
      id: 'exportCsv',
      menu: 'tools',
      keys: ['Mod+E'],
      ...unless(canExport, whenOpenImage),
      run: () => exportRows('csv'),
    },
    {
      id: 'exportJson',
      menu: 'tools',
      keys: ['Mod+Shift+E'],
      ...unless(canExport, whenOpenImage),
      run: () => exportRows('json'),
    },
  ]
}

/** Goes to a page: to the tab that shows it, or in a new one. */
function openPage(address: PageAddress): void {
  const panes = usePanes()
  for (const pane of [panes.active, panes.other]) {
    const shown = pane.tabs.find((one) => one.address.kind === 'page' && one.address.page === address.page)
    if (!shown) continue
    shown.address = address
    panes.activate(pane, shown)
    panes.activeSide = pane.side
    return
  }
  if (tab().address.kind === 'start') void panes.go(tab(), address)
  else panes.addTab(panes.active, address)
}

/** Has the images in the image read into the catalog, however large, and those in these. */
async function indexInside(): Promise<void> {
  await reportErrors(async () => {
    const { image, generation } = openImageOf(tab())
    await call('job.start', { kind: 'index-inside', spec: { image, generation, isEverything: true } })
  })
}

/** A pane of results of its own; in an image it begins with that image's name to choose. */
function openSearch(): void {
  const panes = usePanes()
  if (tab().address.kind === 'search') useLayout().editFilter()
  else panes.addTab(panes.active, { kind: 'search', filter: { ...searchFilter.parse({ text: 'x' }), text: '' } })
}

/** Two images, one in each pane; or two views of one. Fewer where there is nothing to compare with. */
function sidesToCompare(): PageAddress['images'] {
  const panes = usePanes()
  const [left, right] = [panes.currentTab(panes.left), panes.currentTab(panes.right)]
  const sides = [left, right].flatMap(({ address, view }) =>
    address.kind === 'image' ? [{ location: address.location, view }] : [],
  )
  const [one, other] = sides
  if (!one || !other) return sides
  // Nothing differs from itself.
  const isSame = locationKey(one.location) === locationKey(other.location) && one.view === other.view
  return isSame ? [one] : sides
}

function openCompare(): void {
  const sides = sidesToCompare()
  if (sides.length < 2) throw worded('BAD_REQUEST', t('compare.needsTwo'))
  openComparison(sides)
}

/** The page that compares two views. */
export function openComparison(images: PageAddress['images']): void {
  openPage({ kind: 'page', page: 'compare', images })
}

function openDuplicates(): void {
  const { address, view } = tab()
  const images = address.kind === 'image' ? [{ location: address.location, view }] : []
  openPage({ kind: 'page', page: 'duplicates', images })
}

/** Asks for a folder whose images are kept up to date. */
export async function watchFolder(): Promise<void> {
  const { address } = tab()
  const startAt = address.kind === 'folder' ? address.path : useEngine().homeFolder
  await chooseFolder({
    title: t('library.addFolderTitle'),
    confirm: t('library.addFolderConfirm'),
    startAt,
    async submit(path) {
      await call('library.addFolder', { path })
    },
  })
}

async function hashSelection(algorithm: HashAlgorithm): Promise<void> {
  const of = tab()
  await reportErrors(async () => {
    const request = { ...openImageOf(of), entries: await meantEntries(of), algorithm }
    const end = await hashed(request)
    if (end?.state !== 'done') return
    const { columns } = useLayout()
    if (!columns.includes('hash')) useLayout().toggleColumn('hash')
    await usePanes().refresh(of)
    const [first] = end.problems
    useToasts().show({
      tone: first ? 'damage' : 'plain',
      title: viewOf(end.kind)?.end(end, sayer(end.kind)).title ?? titleOf(end),
      ...(first ? { detail: reasonOf(first) } : {}),
      action: { label: t('command.exportSums'), run: () => void reportErrors(exportSums) },
    })
  })
}

/** Computes what is not known yet, as a job; answers how that ended, where the window was there to see it. */
async function hashed(spec: JobStartSpec<'hash'>): Promise<JobSnapshot | null> {
  const { job } = await call('job.start', { kind: 'hash', spec })
  const end = await useJobs().ended(job)
  if (end?.state === 'failed') announceEnd(end)
  return end
}

/** The sums that are known; those of SHA-256 are computed where they are not. */
async function exportSums(): Promise<void> {
  const of = tab()
  const request = { ...openImageOf(of), entries: await meantEntries(of), algorithm: 'sha256' as const }
  if ((await hashed(request))?.state !== 'done') return
  await saveExport({ what: 'sums', ...request })
  await usePanes().refresh(of)
}

async function exportRows(format: 'csv' | 'json'): Promise<void> {
  const of = tab()
  if (of.address.kind === 'search') {
    const { search, sort } = usePanes().resultsOfTab(of)
    await saveExport({ what: 'search', search, sort, format })
    return
  }
  const name = `${nameOf(of.address)}.${format}`
  await saveExport({ what: 'listing', ...openImageOf(of), entries: await meantEntries(of), format }, name)
}
