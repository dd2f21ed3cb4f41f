import path from 'node:path'
import {
  assertRoomFor,
  assertTakes,
  cueOfDataTrack,
  lossesOf,
  makeWholeFile,
  makeWholeFiles,
  ModeOneSectors,
  openLocation,
  PartsTarget,
  pour,
  type Control,
  type PourSource,
  type Poured,
} from '../../../engine'
import { imageArgument, locationOptions, parse } from '../../arguments'
import { parseByteLength } from '../../byte-length'
import { EXIT, UsageError } from '../../exit-status'
import { watchInterrupts } from '../../interrupts'
import { OutputStream, warn } from '../../output'
import { ProgressLine } from '../../progress-line'
import { writeAsIso } from './as-iso'
import { convert } from './definition'

/** Readers look for `.001` to `.999`. */
const PART_LIMIT = 999

/** Views of what is no disc: its bytes would be an .iso that nothing opens, so that its files become one. */
const ARCHIVES = new Set(['wim', 'cpio'])

const ONE_ISO = 'Files become one .iso. Convert that one further.'

/**
 * `isolde convert IMAGE OUT`: the blocks in whatever container as a plain image, as raw sectors with a cue sheet, or in
 * parts; whole or not at all. `-` streams them.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(convert, args)
  const imagePath = imageArgument('convert', positionals, 2)
  const target = positionals[1]
  if (target === undefined) throw new UsageError('Name the file to write.', 'convert')
  const partLength = values.split === undefined ? null : parseByteLength(values.split, 'split', 'convert')
  if (partLength !== null && (target === '-' || isDisc(target)))
    throw new UsageError('--split makes parts of a plain image: name an .iso.', 'convert')
  if (values.as === 'iso' && (partLength !== null || isDisc(target))) throw new UsageError(ONE_ISO, 'convert')
  const opened = await openLocation(imagePath, locationOptions(values))
  const isArchive = opened.image.info.views.some(({ kind }) => ARCHIVES.has(kind))
  const isOfFiles = values.as === 'iso' || (values.as === undefined && isArchive && /\.iso$/i.test(target))
  if (isOfFiles) {
    try {
      if (partLength !== null) throw new UsageError(ONE_ISO, 'convert')
      return await writeAsIso({ opened, imagePath, target, values })
    } finally {
      await opened.close()
    }
  }
  if (values['allow-damaged'] !== undefined || values.json !== undefined) {
    await opened.close()
    throw new UsageError('--allow-damaged and --json have no meaning without --as iso.', 'convert')
  }
  const progress = ProgressLine.for(values.progress)
  const { image } = opened
  const stop = watchInterrupts()
  try {
    const plain = await image.plain()
    const source = isDisc(target) ? new ModeOneSectors(plain.blocks) : plain.blocks
    const control = {
      checkpoint: () => stop.checkpoint(),
      progress: ({ bytesDone = 0 }) => {
        progress.update(bytesDone, source.byteLength, () => target)
      },
    } satisfies Control
    const written = await write(source, target, partLength, control)
    progress.clear()
    const losses = [...lossesOf(image, plain, written.problem), ...opened.rewritten()]
    for (const { code, message } of losses) warn(code === 'SOURCE_CHANGED' ? message : `${imagePath}: ${message}`)
    return losses.length === 0 ? EXIT.ok : EXIT.damaged
  } finally {
    progress.clear()
    stop.end()
    await opened.close()
  }
}

/** Whether raw sectors and their sheet are wanted. */
function isDisc(target: string): boolean {
  return /\.(?:bin|cue)$/i.test(target)
}

function write(source: PourSource, target: string, partLength: number | null, control: Control): Promise<Poured> {
  if (target === '-') return pour(source, new OutputStream(), control)
  if (isDisc(target)) return writeDisc(source, target.slice(0, -4), control)
  if (partLength === null) {
    assertRoomFor(target, source.byteLength)
    return makeWholeFile(target, (_, file) => pour(source, file, control))
  }
  const count = Math.max(1, Math.ceil(source.byteLength / partLength))
  if (count > PART_LIMIT)
    throw new UsageError(
      `That would be ${count.toLocaleString('en')} parts, and there are names for ${PART_LIMIT}. Give --split a greater length.`,
      'convert',
    )
  const names = Array.from({ length: count }, (_, index) => `${target}.${String(index + 1).padStart(3, '0')}`)
  const largest = { path: path.basename(target), byteLength: Math.min(partLength, source.byteLength) }
  assertTakes(path.dirname(path.resolve(target)), source.byteLength, largest)
  return makeWholeFiles(names, (files) => pour(source, new PartsTarget(files, partLength), control))
}

/** @param stem of both files */
function writeDisc(source: PourSource, stem: string, control: Control): Promise<Poured> {
  if (/["\r\n]/.test(stem)) throw new UsageError('A cue sheet cannot name a file with a quotation mark.', 'convert')
  assertRoomFor(`${stem}.bin`, source.byteLength)
  const sheet = Buffer.from(cueOfDataTrack(`${path.basename(stem)}.bin`), 'utf8')
  return makeWholeFiles([`${stem}.cue`, `${stem}.bin`], async ([cue, bin]) => {
    if (cue === undefined || bin === undefined) throw new RangeError('There are two files to write.')
    cue.write(sheet, 0)
    return pour(source, bin, control)
  })
}
