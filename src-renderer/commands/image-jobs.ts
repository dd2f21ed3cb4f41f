import { call } from '../data/api'
import { toErrorShape, type CommandOutput, type JobStartSpec, type OpenedImage } from '../../src-shared/contract'
import { t } from '../base/locales'
import { folderAround, lastPart } from '../data/rows/address'
import { folderName } from '../data/rows/names'
import type { ArchiveDraft, ConvertDraft } from '../data/stores/dialogs'
import { usePanes, type Tab } from '../data/stores/panes'
import { usePlaces } from '../data/stores/places'
import { useImages } from '../data/stores/images'
import { asFolder } from './extract-dialog'
import { openMeant, stemOf } from './image-file'
import { startArchive, startExtraction } from './preflight'
import { meantEntries, meantOf, type Meant } from './meant'
import { destinationFor, openImageOf, pathsOf } from './transfer'

const INDEXED_TURNS = 50
const INDEXED_PAUSE_MS = 100

/** What the dialog for a plain image is about. */
export interface ConvertPlan {
  draft: ConvertDraft
  opened: OpenedImage
  /** What a plain image of it would hold and leave out. */
  plain: CommandOutput<'image.plain'>
  /** Its audio tracks, where it shows them as files. */
  tracks: { view: string; entries: number[] } | null
}

/** @throws where the image cannot be opened */
export async function planConversion(before?: ConvertDraft): Promise<ConvertPlan> {
  const { activeTab, otherTab } = usePanes()
  const { opened } = await openMeant(activeTab)
  const { image, generation, info, location } = opened
  // Of a file in a folder the plain image lies beside it, where nobody has said where else.
  const isInFolder = activeTab.address.kind === 'folder' && otherTab.address.kind !== 'folder'
  const destination = isInFolder ? folderAround(location.path) : destinationFor(activeTab, otherTab)
  const [plain, tracks] = await Promise.all([call('image.plain', { image, generation }), tracksOf(opened)])
  const draft = before ?? { destination, name: stemOf(info.name), withTracks: tracks !== null }
  return { draft, opened, plain, tracks }
}

/** The audio tracks that an image shows as files. */
async function tracksOf({ image, generation, info }: OpenedImage): Promise<ConvertPlan['tracks']> {
  const view = info.views.find(({ kind }) => kind === 'tracks')?.id
  if (view === undefined) return null
  const request = { image, generation, view, directory: 0, mask: '*.wav', limit: 1000 }
  const { rows } = await onceIndexed(() => call('image.rows', request))
  return rows.length > 0 ? { view, entries: rows.map(({ entry }) => entry) } : null
}

/** An image that was opened just now has views that are not in the catalog yet: what is asked of one is asked again. */
async function onceIndexed<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let turn = 0; ; turn++)
    try {
      return await ask()
    } catch (error) {
      if (toErrorShape(error).code !== 'ENTRY_GONE' || turn >= INDEXED_TURNS) throw error
      await new Promise((resolve) => setTimeout(resolve, INDEXED_PAUSE_MS))
    }
}

/** Starts the conversion, and the extraction of tracks beside it, as the dialog says. */
export async function convertAsSaid({ opened, plain, tracks }: ConvertPlan, draft: ConvertDraft): Promise<void> {
  const { image, generation } = opened
  const destination = asFolder(draft.destination)
  const name = draft.name.trim().replace(/\.(?:iso|img)$/i, '') || null
  usePlaces().extractTo(destination)
  if (plain.problem === null)
    await call('job.start', { kind: 'convert', spec: { image, generation, destination, name } })
  if (tracks === null || !draft.withTracks) return
  const rename = tracks.entries.length > 1 ? t('convertDialog.tracksFolder', { name: name ?? opened.info.name }) : null
  await startExtraction({ image, generation, ...tracks, destination, rename, conflicts: 'rename' })
}

/** What an archive of the active pane would hold, and where it would be made. */
export interface ArchivePlan {
  meant: Meant
  imageName: string
  draft: ArchiveDraft
}

export function planArchive(before?: ArchiveDraft): ArchivePlan {
  const { activeTab, otherTab } = usePanes()
  const { address } = activeTab
  const opened = address.kind === 'image' ? useImages().get(address.location) : null
  const imageName = opened?.info.name ?? ''
  const meant = meantOf(activeTab)
  return {
    meant,
    imageName,
    draft: before ?? {
      destination: destinationFor(activeTab, otherTab),
      name: nameOfMeant(activeTab, meant) ?? stemOf(imageName),
      format: 'zip',
      level: 'normal',
      password: '',
      repeated: '',
    },
  }
}

/** What is taken alone, and names what is made of it; null where it is several things, or everything. */
function nameOfMeant({ address, listing }: Tab, { kind, count }: Meant): string | null {
  if (kind === 'folder') return address.kind === 'image' ? lastPart(address.path) : null
  if (count !== 1) return null
  const row = listing.row(kind === 'shown' ? 0 : listing.state.cursor)
  if (!row || (kind === 'selected' && !listing.selection.has(row.key))) return null
  return row.kind === 'directory' ? row.name : stemOf(row.name)
}

/** The password goes to the engine's memory and nowhere else. */
export async function makeArchive({ format, level, password, ...draft }: ArchiveDraft): Promise<void> {
  const tab = usePanes().activeTab
  const entries = await meantEntries(tab)
  const secret = password === '' ? {} : { password }
  const name = draft.name.trim().replace(/\.(?:zip|7z)$/i, '') || null
  const destination = asFolder(draft.destination)
  await startArchive({ ...openImageOf(tab), entries, destination, format, level, name, ...secret })
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
  options: Pick<JobStartSpec<'create'>, 'name' | 'label' | 'preset' | 'keepsSums' | 'more'>,
): Promise<void> {
  await call('job.start', { kind: 'create', spec: { paths, destination, ...options } })
}
