import { call } from '../data/api'
import type { JobStartSpec } from '../../src-shared/contract'
import { lastPart } from '../data/rows/address'
import { folderName } from '../data/rows/names'
import { usePanes, type Tab } from '../data/stores/panes'
import { useImages } from '../data/stores/images'
import { reportErrors } from '../data/errors'
import { startArchive } from './preflight'
import { meantEntries, meantOf, type Meant } from './meant'
import { destinationFor, openImageOf, pathsOf } from './transfer'

/** Every check that an image carries, as a job. */
export async function verifyImage(tab: Tab): Promise<void> {
  await reportErrors(async () => {
    await call('job.start', { kind: 'verify', spec: openImageOf(tab) })
  })
}

/** The blocks inside whatever container as a plain image, where an extraction would go. */
export async function convertImage(tab: Tab, other: Tab): Promise<void> {
  await reportErrors(async () => {
    const { image, generation } = openImageOf(tab)
    await call('job.start', { kind: 'convert', spec: { image, generation, destination: destinationFor(tab, other) } })
  })
}

/** What an archive of the active pane would hold, and where it would be made. */
export interface ArchivePlan {
  meant: Meant
  imageName: string
  destination: string
  destinationName: string
}

export function planArchive(): ArchivePlan {
  const { activeTab, otherTab } = usePanes()
  const { address } = activeTab
  const destination = destinationFor(activeTab, otherTab)
  const opened = address.kind === 'image' ? useImages().get(address.location) : null
  return {
    meant: meantOf(activeTab),
    imageName: opened?.info.name ?? '',
    destination,
    destinationName: folderName(destination),
  }
}

/** @param password empty for none; it goes to the engine's memory and nowhere else */
export async function makeArchive(plan: ArchivePlan, format: 'zip' | '7z', password: string): Promise<void> {
  const { destination } = plan
  const tab = usePanes().activeTab
  const entries = await meantEntries(tab)
  const secret = password === '' ? {} : { password }
  await startArchive({ ...openImageOf(tab), entries, destination, format, ...secret })
}

/** What an image of the active pane's folder would hold, and where it would be made. */
export interface ImagePlan {
  paths: string[]
  /** The name of a folder that is meant alone: its contents become the root. */
  folder: string | null
  /** What its file would be called, without extension. */
  name: string
  destination: string
  destinationName: string
}

export function planImage(): ImagePlan {
  const { activeTab, otherTab } = usePanes()
  const { address, listing } = activeTab
  const paths = pathsOf(activeTab)
  const [only = ''] = paths
  const own = address.kind === 'folder' ? address.path : ''
  const destination = otherTab.address.kind === 'folder' ? otherTab.address.path : own
  const isOne = paths.length === 1
  const row = listing.row(listing.state.cursor)
  const isFolder = isOne && row?.key === only && row.kind === 'directory'
  return {
    paths,
    folder: isFolder ? lastPart(only) : null,
    name: isOne ? lastPart(only) : folderName(own),
    destination,
    destinationName: folderName(destination),
  }
}

export async function createImage(
  { paths, destination }: ImagePlan,
  options: Pick<JobStartSpec<'create'>, 'name' | 'label' | 'preset' | 'keepsSums'>,
): Promise<void> {
  await call('job.start', { kind: 'create', spec: { paths, destination, ...options } })
}
