import fs from 'node:fs'
import type { EntryTable } from '../image/core/entry-table'
import { resolveConflicts } from './conflicts'
import { openFolder } from './folder-handle'
import { makePlan, SYNTHETIC, type Layout, type Plan } from './plan'
import { nameRulesFor } from './safe-names'
import { selectEntries, type SelectionRequest } from './selection'

export interface PreviewRequest {
  table: EntryTable
  selection: SelectionRequest
  layout: Layout
  destination: string
}

/** What an extraction would do, found out without writing anything. */
export interface ExtractionPreview {
  entriesTotal: number
  bytesTotal: number
  /** Entries whose names are not possible there, with the names they would get; the first of them. */
  renames: { path: string; to: string }[]
  renameTotal: number
  /** Files whose names are taken; the first of them. */
  taken: string[]
  takenTotal: number
}

const SHOWN_AT_MOST = 1000

/**
 * Plans as an extraction does. Whether the destination tells `a` from `A` is taken from what is usual for the system,
 * since finding out would mean writing.
 */
export async function previewExtraction(request: PreviewRequest): Promise<ExtractionPreview> {
  const { table, layout, destination } = request
  const rules = nameRulesFor(process.platform)
  const plan = makePlan(table, selectEntries(table, request.selection), layout, rules)
  const preview: ExtractionPreview = {
    entriesTotal: plan.length - 1,
    bytesTotal: 0,
    renames: [],
    renameTotal: 0,
    taken: [],
    takenTotal: 0,
  }
  for (let node = 1; node < plan.length; node++) countNode(preview, plan, node)
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
