import { NO_ATTRIBUTES } from '../../src-shared/contract'
import { AS_NAMED, changesNames, type NamePattern } from '../../src-shared/model'
import { call } from '../data/api'
import { readTypedPath } from '../data/rows/typed-path'
import { useEngine } from '../data/stores/engine'
import { useImages } from '../data/stores/images'
import { usePanes } from '../data/stores/panes'
import { useSettings } from '../data/stores/settings'
import type { ExtractDraft } from '../data/stores/dialogs'
import { meantEntries, meantOf, type Meant } from './meant'
import { preflightExtraction, startExtraction } from './preflight'
import { destinationFor, openImageOf } from './transfer'

export type { ExtractDraft }

/** What the dialog begins with: what was said in it before, or what the settings and the other pane say. */
export function beginningOf(before?: ExtractDraft): { draft: ExtractDraft; meant: Meant; imageName: string } {
  const { activeTab, otherTab } = usePanes()
  const { current } = useSettings()
  const { address } = activeTab
  const opened = address.kind === 'image' ? useImages().get(address.location) : null
  return {
    draft: before ?? {
      destination: destinationFor(activeTab, otherTab),
      conflicts: current.conflictPolicy,
      keepPaths: false,
      smart: current.extractIntoFolder,
      names: { ...AS_NAMED },
      attributes: { ...NO_ATTRIBUTES },
    },
    meant: meantOf(activeTab),
    imageName: opened?.info.name ?? '',
  }
}

/** Starts the extraction as the dialog says. */
export async function extractAsSaid({
  conflicts,
  keepPaths,
  smart,
  names,
  attributes,
  ...draft
}: ExtractDraft): Promise<void> {
  const tab = usePanes().activeTab
  const ref = openImageOf(tab)
  const isWhole = meantOf(tab).kind === 'everything'
  const entries = await meantEntries(tab)
  const destination = asFolder(draft.destination)
  if (!(await preflightExtraction({ ...ref, entries, destination, keepPaths }))) return
  await startExtraction({
    ...ref,
    entries,
    destination,
    conflicts,
    keepPaths,
    smart: isWhole && smart,
    names: namesOf(names),
    attributes,
  })
}

/** Null where every file keeps its name. */
function namesOf(names: NamePattern): NamePattern | null {
  return changesNames(names) ? { ...names, pattern: names.pattern.trim() || AS_NAMED.pattern } : null
}

/** The first files with the names that a pattern gives them, as the engine would write them. */
export async function previewNames(
  { keepPaths, ...draft }: ExtractDraft,
  signal: AbortSignal,
): Promise<{ path: string; to: string }[]> {
  const names = namesOf(draft.names)
  if (names === null) return []
  const tab = usePanes().activeTab
  const request = { ...openImageOf(tab), entries: await meantEntries(tab), keepPaths, names }
  return (await call('job.preview', { ...request, destination: asFolder(draft.destination) }, { signal })).named
}

/** A folder as it was typed: `~` and what is relative are read as in the path bar. */
export function asFolder(typed: string): string {
  const { homeFolder, separator } = useEngine()
  return readTypedPath(typed.trim(), { homeFolder, separator, folder: homeFolder })
}
