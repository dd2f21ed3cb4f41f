import { t } from '../base/locales'
import { lastPart } from '../data/rows/address'
import { useDialogs } from '../data/stores/dialogs'
import { usePanes, type Tab } from '../data/stores/panes'
import { useSettings } from '../data/stores/settings'
import { report, worded } from '../data/errors'
import { preflightExtraction, startExtraction } from './preflight'
import { entriesAtCursor } from './meant'
import { destinationFor, openImageOf } from './transfer'

/** Shift+F5: extracts one thing under another name, or several into a new folder. */
export function extractAs(tab: Tab): void {
  const { address, listing } = tab
  if (address.kind !== 'image') {
    report(worded('UNSUPPORTED_HERE', t('error.nothingHere')))
    return
  }
  const row = listing.row(listing.state.cursor)
  const meant = entriesAtCursor(tab)
  if (!meant) return
  const { entries } = meant
  const isOne = meant.count === 1
  // The selected row may be out of sight; the cursor's is a good guess at what is meant.
  const value =
    isOne && row && Array.isArray(entries) && entries[0] === row.key
      ? row.name
      : lastPart(address.path) || address.location.path.replace(/^.*[\\/]/, '')
  useDialogs().show({
    kind: 'text',
    request: {
      title: t('transferAs.title'),
      label: t(isOne ? 'transferAs.label' : 'transferAs.labelFolder'),
      confirm: t('transferAs.confirm'),
      value,
      isFileName: isOne,
      async submit(name) {
        const destination = destinationFor(tab, usePanes().otherTab)
        const ref = { ...openImageOf(tab), entries, destination }
        if (!(await preflightExtraction(ref))) return
        await startExtraction({ ...ref, rename: name, conflicts: useSettings().current.conflictPolicy })
      },
    },
  })
}
