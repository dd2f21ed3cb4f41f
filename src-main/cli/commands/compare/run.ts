import { compareImages, type ComparedTree, type ComparisonCounts, type ComparisonRow } from '../../../engine'
import { locationOptions, parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { isoTime } from '../../iso-time'
import { openLocation } from '../../open-location'
import { Output, showable, warn } from '../../output'
import { chooseView } from '../../view-choice'
import { compare } from './definition'

const MARKS = { added: '+', removed: '-', changed: '~', within: ' ' } as const

/** `isolde compare A B [--json]`: what B has more, less and otherwise than A. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(compare, args)
  const [first, second = first] = positionals
  const isOtherView = values['other-view'] !== undefined
  if (first === undefined || second === undefined || (positionals.length < 2 && !isOtherView))
    throw new UsageError('Name two images, or one and --other-view.', 'compare')
  if (positionals.length > 2) throw new UsageError(`“${positionals[2] ?? ''}” is one argument too many.`, 'compare')
  const trees: ComparedTree[] = []
  try {
    for (const [image, view] of [
      [first, values.view],
      [second, values['other-view'] ?? values.view],
    ] as const) {
      const opened = await openLocation(image, locationOptions(values))
      trees.push({ opened, view: chooseView(opened.image, view) })
    }
    const [left, right] = trees as [ComparedTree, ComparedTree]
    const output = new Output()
    const line = values.json ? jsonLine : plainLine
    const counts = await compareImages(left, right, values.content ? 'blake3' : null, (row) => {
      if (row.state !== 'within') output.line(line(row))
    })
    if (values.json) output.line(JSON.stringify({ summary: true, ...counts }))
    output.flush()
    if (!values.json) warn(summary(counts))
    const { added, removed, changed, unproven } = counts
    // What could not be read is not known to be the same.
    return added + removed + changed + unproven === 0 ? EXIT.ok : EXIT.damaged
  } finally {
    for (const { opened } of trees) await opened.close()
  }
}

function summary({ added, removed, changed, same, unproven }: ComparisonCounts): string {
  const unread = unproven === 0 ? '' : `, ${unproven} not compared, whose contents cannot be read`
  return `${added} added, ${removed} removed, ${changed} changed, ${same - unproven} the same${unread}.`
}

function plainLine(row: ComparisonRow): string {
  const kind = (row.right ?? row.left)?.kind
  const facts = row.facts.length === 0 ? '' : `  [${row.facts.join(', ')}]`
  return `${MARKS[row.state]} ${showable(row.path)}${kind === 'directory' ? '/' : ''}${facts}`
}

function jsonLine(row: ComparisonRow): string {
  const { path, state, facts } = row
  return JSON.stringify({ path, state, facts, left: side(row.left), right: side(row.right) })
}

function side(of: ComparisonRow['left']) {
  return of && { kind: of.kind, size: of.byteLength, modified: of.modified === null ? null : isoTime(of.modified) }
}
