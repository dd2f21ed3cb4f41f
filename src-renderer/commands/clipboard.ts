import { shallowRef } from 'vue'
import { call } from '../data/api'
import type { EntrySelection, JobStartSpec } from '../../src-shared/contract'
import { t } from '../base/locales'
import { usePanes, type Tab } from '../data/stores/panes'
import { useSettings } from '../data/stores/settings'
import { reportErrors, worded } from '../data/errors'
import { preflightExtraction, startExtraction } from './preflight'
import { entryPath } from '../data/rows/address'
import { entriesAtCursor } from './meant'
import { addTo } from './project-edits'
import { openImageOf, pathsOf } from './transfer'

type Extraction = Pick<JobStartSpec<'extract'>, 'image' | 'generation' | 'view'> & { entries: EntrySelection }
type Copied = { kind: 'image'; what: Extraction } | { kind: 'folder'; paths: string[] }

/** What was copied last. The system's clipboard knows nothing of entries of an image; their paths go there as text. */
const copied = shallowRef<Copied | null>(null)

export function hasCopied(): boolean {
  return copied.value !== null
}

/** Ctrl+C: remembers the selection, or the row under the cursor, for a paste. */
export async function copySelection(tab: Tab): Promise<void> {
  await reportErrors(async () => {
    const { address, listing } = tab
    if (address.kind === 'folder') {
      const paths = pathsOf(tab)
      copied.value = paths.length > 0 ? { kind: 'folder', paths } : null
      await writeText(paths.join('\n'))
      return
    }
    const row = listing.row(listing.state.cursor)
    const entries = entriesAtCursor(tab)?.entries
    if (!entries) return
    copied.value = { kind: 'image', what: { ...openImageOf(tab), entries } }
    if (row) await writeText(address.kind === 'image' ? entryPath(address, row) : row.name)
  })
}

/** Ctrl+V: extracts or copies what was copied into the folder that is shown. */
export async function pasteInto(tab: Tab): Promise<void> {
  await reportErrors(async () => {
    const what = copied.value
    if (!what) throw worded('BAD_REQUEST', t('error.nothingCopied'))
    if (tab.address.kind === 'project') return addTo(tab.address, what)
    if (tab.address.kind !== 'folder') throw worded('NOT_A_FOLDER', t('error.pasteWhere'))
    const destination = tab.address.path
    const conflicts = useSettings().current.conflictPolicy
    if (what.kind === 'folder') {
      await call('job.start', { kind: 'copy', spec: { paths: what.paths, destination, conflicts } })
      return
    }
    if (await preflightExtraction({ ...what.what, destination }))
      await startExtraction({ ...what.what, destination, conflicts })
  })
  await usePanes().refresh(tab)
}

async function writeText(text: string): Promise<void> {
  // A browser may keep the clipboard to itself; what was copied is remembered here all the same.
  await navigator.clipboard.writeText(text).catch(() => undefined)
}
