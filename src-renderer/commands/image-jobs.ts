import { call } from '../data/api'
import { folderName } from '../data/rows/names'
import { usePanes, type Tab } from '../data/stores/panes'
import { useImages } from '../data/stores/images'
import { reportErrors } from '../data/errors'
import { startArchive } from './preflight'
import { meantEntries, meantOf, type Meant } from './meant'
import { destinationFor, openImageOf } from './transfer'

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
