import { findPath, IsoldeError, type EntryTable } from '../../../engine'
import { csvField } from '../../../../src-shared/model'
import { cleanPath, imageArgument, locationOptions, parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { openLocation } from '../../open-location'
import { Output, showable } from '../../output'
import { visitInOrder } from '../../entry-order'
import { isoTime } from '../../iso-time'
import { chooseView, warnAboutDiagnostics } from '../../view-choice'
import { list } from './definition'

/** `isolde list IMAGE [PATH] [--json|--csv|--long]` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(list, args)
  const imagePath = imageArgument('list', positionals, 2)
  if (values.json && values.csv) throw new UsageError('Give either --json or --csv, not both.', 'list')
  const opened = await openLocation(imagePath, locationOptions(values))
  try {
    const view = chooseView(opened.image, values.view)
    const table = await view.readTree()
    const path = cleanPath(positionals[1] ?? '')
    const root = findPath(table, path)
    const output = new Output()
    const format = values.json ? jsonLine : values.csv ? csvLine : values.long ? longLine : plainLine
    if (values.csv) output.line(CSV_HEADER)
    if (table.kindOf(root) === 'directory')
      visitInOrder(table, root, (index, entryPath) => {
        output.line(format(table, index, entryPath))
      })
    else output.line(format(table, root, path))
    output.flush()
    if (!values.json && !values.csv) warnAboutDiagnostics(opened.image, 'damage')
    return EXIT.ok
  } catch (error) {
    if ((error as { code?: string }).code === 'NO_SUCH_PATH')
      throw new IsoldeError('NO_SUCH_PATH', `There is no “${positionals[1] ?? ''}” in ${imagePath}.`)
    throw error
  } finally {
    await opened.close()
  }
}

type LineFormat = (table: EntryTable, index: number, path: string) => string

const plainLine: LineFormat = (table, index, path) =>
  table.kindOf(index) === 'directory' ? `${showable(path)}/` : showable(path)

const jsonLine: LineFormat = (table, index, path) => {
  const kind = table.kindOf(index)
  const target = table.targetOf(index)
  const mode = table.modeOf(index)
  // Put together by hand: JSON.stringify of an object takes three times as long, which a million entries feel.
  let line = `{"path":${JSON.stringify(path)},"kind":"${kind}","size":${table.byteLengthOf(index)},"modified":${timeText(table.modifiedOf(index))}`
  line += `,"mode":${mode < 0 ? 'null' : mode},"uid":${orNull(table.uidOf(index))},"gid":${orNull(table.gidOf(index))}`
  if (target !== null) line += `,"target":${JSON.stringify(target)}`
  line += `,"hidden":${table.hiddenOf(index)},"status":"${table.statusOf(index)}","extents":${extentsText(table, index)}`
  const pathBytes = table.pathBytesOf(index)
  return pathBytes ? `${line},"pathBytes":"${Buffer.from(pathBytes).toString('base64')}"}` : `${line}}`
}

function extentsText(table: EntryTable, index: number): string {
  const extents = table.extentsOf(index)
  if (!extents) return 'null'
  let text = '['
  for (const extent of extents) text += `${text === '[' ? '' : ','}[${extent.byteOffset},${extent.byteLength}]`
  return `${text}]`
}

function orNull(id: number): string {
  return id < 0 ? 'null' : String(id)
}

function timeText(modified: number): string {
  return Number.isNaN(modified) ? 'null' : `"${isoTime(modified)}"`
}

const CSV_HEADER = 'path,kind,size,modified,mode,uid,gid,target,hidden,status'

const csvLine: LineFormat = (table, index, path) => {
  const modified = table.modifiedOf(index)
  const mode = table.modeOf(index)
  return [
    csvField(path),
    table.kindOf(index),
    table.byteLengthOf(index),
    Number.isNaN(modified) ? '' : isoTime(modified),
    mode < 0 ? '' : mode.toString(8).padStart(4, '0'),
    blankIfNone(table.uidOf(index)),
    blankIfNone(table.gidOf(index)),
    csvField(table.targetOf(index) ?? ''),
    table.hiddenOf(index),
    table.statusOf(index),
  ].join(',')
}

function blankIfNone(id: number): string {
  return id < 0 ? '' : String(id)
}

const longLine: LineFormat = (table, index, path) => {
  const modified = table.modifiedOf(index)
  const mode = table.modeOf(index)
  const target = table.targetOf(index)
  const time = Number.isNaN(modified) ? ' '.repeat(20) : isoTime(modified)
  const status = table.statusOf(index)
  return (
    `${table.kindOf(index).padEnd(9)} ${mode < 0 ? '    ' : mode.toString(8).padStart(4, '0')} ` +
    `${String(table.byteLengthOf(index)).padStart(13)} ${time} ${showable(path)}` +
    (target === null ? '' : ` -> ${showable(target)}`) +
    (status === 'complete' ? '' : ` [${status}]`)
  )
}
