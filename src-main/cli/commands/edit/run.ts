import fs from 'node:fs'
import {
  appendBase,
  changeTree,
  copyFates,
  filmPlacesOf,
  followBoots,
  leftBehind,
  freeNameBeside,
  identityOf,
  optionsOfImage,
  planImage,
  readImageTree,
  renewLists,
  SESSION_OPTIONS,
  sessionFates,
  type AuthorOptions,
  type Change,
  type OpenedLocation,
} from '../../../engine'
import { cleanPath, imageArgument, locationOptions, parse, type ValuesOf } from '../../arguments'
import { leaveOutDamaged } from '../../damaged-source'
import { EXIT, UsageError } from '../../exit-status'
import { sourceDate } from '../../iso-time'
import { assertImageName } from '../../image-target'
import { readNamedFile } from '../../named-file'
import { openLocation } from '../../open-location'
import { warn } from '../../output'
import { filesView } from '../../view-choice'
import { ImageReport, writeImage } from '../../write-image'
import { edit } from './definition'
import { assertReplaceable, replaceOriginal } from './replace'

type Values = ValuesOf<typeof edit>

/** `isolde edit IMAGE --to OUT …`: a changed copy; what boots is replayed with new addresses. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(edit, args)
  const imagePath = imageArgument('edit', positionals, 1)
  const isReplacing = values.replace === true
  if (isReplacing === (values.to !== undefined))
    throw new UsageError('Name the file to write with --to, or replace the original with --replace.', 'edit')
  if (values.to !== undefined) assertImageName(values.to, 'edit')
  const changes = changesOf(values)
  const identity = isReplacing && fs.existsSync(imagePath) ? identityOf(imagePath) : ''
  const opened = await openLocation(imagePath, locationOptions(values))
  let isOpen = true
  const close = async (): Promise<void> => {
    if (isOpen) await opened.close()
    isOpen = false
  }
  try {
    if (isReplacing) assertReplaceable(imagePath, opened.image, (values.inside ?? []).length > 0)
    return await write(opened, { imagePath, identity, changes, values, close })
  } finally {
    await close()
  }
}

interface Request {
  imagePath: string
  /** Of the file there, where it is to be replaced. */
  identity: string
  changes: readonly Change[]
  values: Values
  /** An open file cannot be replaced everywhere. */
  close: () => Promise<void>
}

async function write(
  opened: OpenedLocation,
  { imagePath, identity, changes, values, close }: Request,
): Promise<number> {
  const { image } = opened
  const target = values.to ?? freeNameBeside(imagePath, 'edited')
  const report = new ImageReport(values.to ?? imagePath, values)
  const view = filesView(image.info, values.view, imagePath, 'edit').id
  const tree = await readImageTree(image, view)
  const made = await optionsOfImage(image, tree.root, tree.hasSums)
  const isAppending = values.append === true
  if (isAppending && view !== image.info.defaultViewId)
    throw new UsageError('--append adds to the tree that is shown; --view has no meaning with it.', 'edit')
  const { kept, otherwise, lost } = isAppending ? sessionFates(made) : copyFates(made)
  for (const { message } of kept) report.fate('kept', message)
  const { files, around } = await leftBehind(image, view, tree.table)
  for (const { message } of [...otherwise, ...tree.otherwise]) report.fate('lost', message)
  for (const { message } of [...lost, ...tree.lost, ...files, ...(isAppending ? [] : around)]) report.missing(message)
  const base = isAppending ? await appendBase(image, tree, made.options) : null
  // What is deleted or replaced need not be whole.
  const leftOut = changeTree(tree.root, changes)
  if (!leaveOutDamaged(tree, report, values['allow-damaged'] === true)) return EXIT.refused
  report.leftOut(leftOut)
  const boots = followBoots(tree.root, made.options.boots)
  const renewed = await renewLists(tree.root, tree.lists, boots)
  for (const { message } of renewed.kept) report.fate('kept', message)
  for (const { message } of renewed.lost) report.fate('lost', message)
  const date = sourceDate()
  const options: AuthorOptions = {
    ...made.options,
    boots,
    date,
    recordedDates: date === null ? made.options.recordedDates : null,
    ...(isAppending ? SESSION_OPTIONS : {}),
  }
  if (values.label !== undefined) {
    options.label = values.label
    options.asRecorded = options.asRecorded.filter((text) => text !== 'label')
  }
  const films = await filmPlacesOf(tree.root, options, base?.places ?? null)
  for (const { message } of films.lost) report.missing(message)
  options.dvdVideo = films.dvdVideo
  /** What misses something, damage that was left out as well, takes the place of nothing that may still be rescued. */
  const replace = async (): Promise<string> => {
    if (report.problems > 0) {
      warn(`${imagePath} is left as it was, because the changed copy does not hold all of it. The copy is ${target}.`)
      return target
    }
    await close()
    const kept = replaceOriginal(imagePath, target, identity)
    if (values.quiet !== true) warn(`The original is kept as ${kept}.`)
    return imagePath
  }
  return writeImage(await planImage(tree.root, options, base), {
    target,
    report,
    isDryRun: values['dry-run'] === true,
    progress: values.progress,
    problemsAfter: () => opened.rewritten(),
    ...(values.replace === true ? { settle: replace } : {}),
  })
}

/** Deletions first, then renaming, then what is added, then the script: whatever order they are named in. */
function changesOf(values: Values): Change[] {
  const pairs = (option: string, list: readonly string[] | undefined): [string, string][] =>
    (list ?? []).map((each) => {
      const at = each.indexOf('=')
      if (at <= 0) throw new UsageError(`--${option} takes two names with “=” between them; “${each}” is none.`, 'edit')
      return [each.slice(0, at), each.slice(at + 1)]
    })
  return [
    ...(values.delete ?? []).map((each): Change => ({ op: 'delete', path: cleanPath(each) })),
    ...pairs('rename', values.rename).map(([from, to]): Change => {
      return { op: 'rename', path: cleanPath(from), to: cleanPath(to) }
    }),
    ...pairs('add', values.add).map(([from, at]): Change => ({ op: 'add', from, at: cleanPath(at) })),
    ...(values.script === undefined ? [] : scriptOf(values.script)),
  ]
}

/** Some hundred thousand changes; in bytes. */
const SCRIPT_LIMIT = 64 << 20

/** One change a line, as JSON: `{"op":"delete","path":"a"}`; empty lines and those with `#` in front say nothing. */
function scriptOf(file: string): Change[] {
  const changes: Change[] = []
  for (const [index, line] of readNamedFile(file, 'script', 'edit', SCRIPT_LIMIT)
    .toString('utf8')
    // Some editors begin a text with a byte order mark.
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const change = changeIn(line)
    if (change === null)
      throw new UsageError(`Line ${index + 1} of ${file} is no change, such as {"op":"delete","path":"a"}.`, 'edit')
    changes.push(change)
  }
  return changes
}

function changeIn(line: string): Change | null {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { op, path: where, to, from, at } = value as Record<string, unknown>
  if (op === 'delete' && typeof where === 'string') return { op, path: cleanPath(where) }
  if (op === 'rename' && typeof where === 'string' && typeof to === 'string')
    return { op, path: cleanPath(where), to: cleanPath(to) }
  if (op === 'add' && typeof from === 'string' && typeof at === 'string') return { op, from, at: cleanPath(at) }
  return null
}
