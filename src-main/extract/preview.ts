import fs from 'node:fs'
import type { EntryTable } from '../image/core/entry-table'
import type { NamePattern } from '../../src-shared/model'
import { patternNames } from './pattern-names'
import { resolveConflicts } from './conflicts'
import { openFolder } from './folder-handle'
import { lookBelow } from './link-check'
import { SYNTHETIC, type Layout, type Plan } from './plan'
import { nameRulesFor } from './safe-names'
import { selectEntries, type SelectionRequest } from './selection'
import { settledPlan } from './settled-plan'

export interface PreviewRequest {
  table: EntryTable
  selection: SelectionRequest
  layout: Layout
  destination: string
  names?: NamePattern | null
}

/** What an extraction would do, found out without writing anything. */
export interface ExtractionPreview {
  entriesTotal: number
  bytesTotal: number
  /** Entries whose names are not possible there, with the names they would get; the first of them. */
  renames: { path: string; to: string }[]
  renameTotal: number
  /** The first files, with the names that a pattern gives them. */
  named: { path: string; to: string }[]
  /** Files whose names are taken; the first of them. */
  taken: string[]
  takenTotal: number
}

const SHOWN_AT_MOST = 1000
const NAMED_SHOWN = 200

/**
 * Plans as an extraction does. Whether the destination tells `a` from `A` is taken from what is usual for the system,
 * since finding out would mean writing.
 */
export async function previewExtraction(request: PreviewRequest): Promise<ExtractionPreview> {
  const { table, layout, destination } = request
  const rules = nameRulesFor(process.platform)
  const selection = selectEntries(table, request.selection)
  const names = request.names ? patternNames(table, selection, request.names) : null
  const plan = settledPlan([table, selection, layout, rules, null, names], lookBelow(destination))
  const preview: ExtractionPreview = {
    entriesTotal: plan.length - 1,
    bytesTotal: 0,
    renames: [],
    renameTotal: 0,
    named: [],
    taken: [],
    takenTotal: 0,
  }
  for (let node = 1; node < plan.length; node++) countNode(preview, plan, node)
  if (names)
    for (let node = 1; node < plan.length && preview.named.length < NAMED_SHOWN; node++)
      if (names.has(plan.entryOf(node))) preview.named.push({ path: plan.sourcePathOf(node), to: plan.pathOf(node) })
  if (!fs.statSync(destination, { throwIfNoEntry: false })?.isDirectory()) return preview
  const folder = openFolder(destination)
  try {
    const { skipped } = await resolveConflicts(plan, folder, 'skip', rules)
    preview.takenTotal = skipped.size
    for (const node of skipped) if (preview.taken.length < SHOWN_AT_MOST) preview.taken.push(plan.pathOf(node))
  } finally {
    folder.close()
  }
  return preview
}

function countNode(preview: ExtractionPreview, plan: Plan, node: number): void {
  const entry = plan.entryOf(node)
  if (entry === SYNTHETIC) return
  if (!plan.isDirectory(node)) preview.bytesTotal += plan.table.byteLengthOf(entry)
  if (!plan.isRenamed(node)) return
  preview.renameTotal++
  if (preview.renames.length < SHOWN_AT_MOST)
    preview.renames.push({ path: plan.sourcePathOf(node), to: plan.pathOf(node) })
}
