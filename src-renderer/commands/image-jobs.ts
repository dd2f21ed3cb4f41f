import { call } from '../api'
import { folderName } from '../panes/names'
import { usePanes, type Tab } from '../stores/panes'
import { useImages } from '../stores/images'
import { tellingErrors } from './errors'
import { destinationFor, entriesOf, openImageOf } from './transfer'

/** Every check that an image carries, as a job. */
export async function verifyImage(tab: Tab): Promise<void> {
  await tellingErrors(async () => {
    await call('job.verify', openImageOf(tab))
  })
}

/** The blocks inside whatever container as a plain image, where an extraction would go. */
export async function convertImage(tab: Tab, other: Tab): Promise<void> {
  await tellingErrors(async () => {
    const { image, generation } = openImageOf(tab)
    await call('job.convert', { image, generation, destination: destinationFor(tab, other) })
  })
}

/** What an archive of the active pane would hold, and where it would be made. */
export interface ArchivePlan {
  /** Null: everything. */
  entries: number[] | null
  imageName: string
  destination: string
  destinationName: string
}

/** What is selected; else the folder that is shown, which at the root is everything. */
export function planArchive(): ArchivePlan {
  const { activeTab, otherTab } = usePanes()
  const selected = entriesOf(activeTab)
  const { directory, address } = activeTab
  const destination = destinationFor(activeTab, otherTab)
  const entries = selected.length > 0 ? selected : directory === 0 ? null : [directory]
  const opened = address.kind === 'image' ? useImages().get(address.location) : null
  return { entries, imageName: opened?.info.name ?? '', destination, destinationName: folderName(destination) }
}

/** @param password empty for none; it goes to the engine's memory and nowhere else */
export async function makeArchive(plan: ArchivePlan, format: 'zip' | '7z', password: string): Promise<void> {
  const { entries, destination } = plan
  const secret = password === '' ? {} : { password }
  await call('job.extract', { ...openImageOf(usePanes().activeTab), entries, destination, format, ...secret })
}
