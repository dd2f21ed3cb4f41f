import fs from 'node:fs'
import path from 'node:path'
import {
  conversionOf,
  conversionSourceOf,
  conversionTargetOf,
  fileSystemNamed,
  plainExtensionOf,
  promisedFormatOf,
  type Conversion,
  type ImageInfo,
} from '../../../../src-shared/model'
import {
  archiveBlocks,
  assertRoomFor,
  assertTakes,
  cueOfDataTrack,
  lossesOf,
  makeWholeFile,
  makeWholeFiles,
  ModeOneSectors,
  PartsTarget,
  pour,
  type Control,
  type OpenedLocation,
  type PourSource,
  type Poured,
} from '../../../engine'
import { imageArgument, locationOptions, parse } from '../../arguments'
import { parseByteLength } from '../../byte-length'
import { EXIT, UsageError } from '../../exit-status'
import { watchInterrupts } from '../../interrupts'
import { openLocation } from '../../open-location'
import { OutputStream, warn } from '../../output'
import { passwordOf } from '../../password'
import { ProgressLine } from '../../progress-line'
import { chooseView } from '../../view-choice'
import { writeAsIso } from './as-iso'
import { convert } from './definition'

/** Readers look for `.001` to `.999`. */
const PART_LIMIT = 999

const ONE_ISO = 'Files become one .iso. Convert that one further.'

/**
 * `isolde convert IMAGE OUT`: the blocks in whatever container as a plain image, as raw sectors with a cue sheet, or in
 * parts; whole or not at all. `-` streams them.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(convert, args)
  const imagePath = imageArgument('convert', positionals, 2)
  const target = positionals[1]
  if (target === undefined || target === '') throw new UsageError('Name the file to write.', 'convert')
  const partLength = values.split === undefined ? null : parseByteLength(values.split, 'split', 'convert')
  const wanted = target === '-' ? null : conversionTargetOf(target)
  if (partLength !== null && (target === '-' || wanted?.id === 'sectors' || wanted?.id === 'archive'))
    throw new UsageError('--split makes parts of a plain image: name an .iso.', 'convert')
  if (values.as === 'iso' && partLength !== null) throw new UsageError(ONE_ISO, 'convert')
  const password = passwordOf(values['password-file'], wanted?.id === 'archive', 'convert')
  if (target !== '-') assertWritten(target, values.as)
  const opened = await openLocation(imagePath, locationOptions(values))
  try {
    const { info } = opened.image
    const conversion =
      values.as === 'iso' ? 'files' : target === '-' ? 'blocks' : conversionFor(info, target, values.as)
    if (conversion === 'none') throw new UsageError(whyNone(imagePath, target, info), 'convert')
    if (conversion === 'files') {
      if (partLength !== null) throw new UsageError(ONE_ISO, 'convert')
      return await writeAsIso({ opened, imagePath, target, values })
    }
    if (values['allow-damaged'] !== undefined || values.json !== undefined)
      throw new UsageError('--allow-damaged and --json have no meaning without --as iso.', 'convert')
    if (values.view !== undefined && chooseView(opened.image, values.view).info.id.includes('@'))
      throw new UsageError(
        `Blocks are written with all of their trees, and the one that is shown first stays so. For the files of “${values.view}” alone, use --as iso.`,
        'convert',
      )
    if (conversion === 'blocks' && wanted?.id === 'iso' && conversionSourceOf(info) === 'disk')
      warn(
        `${imagePath} is no disc: ${target} will hold its blocks as they are. For a disc of its files, use --as iso.`,
      )
    return await writeBlocks({ opened, imagePath, target, conversion, partLength, password, progress: values.progress })
  } finally {
    await opened.close()
  }
}

/** What is done, `--as blocks` or nothing being said. */
function conversionFor(info: ImageInfo, target: string, as: 'blocks' | undefined): Conversion {
  const conversion = conversionOf(info, target)
  return as === 'blocks' && conversion === 'files' ? 'blocks' : conversion
}

/** @throws {UsageError} where a name promises what is never written, whatever the image */
function assertWritten(target: string, as: 'blocks' | 'iso' | undefined): void {
  const format = promisedFormatOf(target)
  if (format !== null)
    throw new UsageError(
      `“${target}” is named like what is read here and not written (${format}). Name an .iso or an .img.`,
      'convert',
    )
  if (as !== 'iso') return
  const { id } = conversionTargetOf(target)
  const own = fileSystemNamed(target)
  if (id !== 'iso' && id !== 'udf' && (id !== 'plain' || own !== null)) throw new UsageError(ONE_ISO, 'convert')
}

/** Why nothing under that name could be what it says. */
function whyNone(imagePath: string, target: string, info: ImageInfo): string {
  const own = fileSystemNamed(target)
  if (own !== null)
    return `“${target}” is named like a file of another kind (${own.label}) than ${imagePath} is. Name an .iso or an .img.`
  if (conversionSourceOf(info) === 'disc')
    return `${imagePath} has no UDF, which “${target}” would promise. Name an .iso, or make one with UDF by --as iso.`
  return `${imagePath} is no disc, so that “${target}” would open nowhere. Convert it to an .iso first, and that further, or name an .img for its blocks.`
}

interface BlocksRequest {
  opened: OpenedLocation
  imagePath: string
  target: string
  conversion: 'blocks' | 'sectors' | 'packed'
  partLength: number | null
  password: string | undefined
  progress: boolean | undefined
}

/** Writes the blocks, and answers the exit status. */
async function writeBlocks(request: BlocksRequest): Promise<number> {
  const { opened, imagePath, target, conversion } = request
  const progress = ProgressLine.for(request.progress)
  const { image } = opened
  const stop = watchInterrupts()
  try {
    const plain = await image.plain()
    const source = conversion === 'sectors' ? new ModeOneSectors(plain.blocks) : plain.blocks
    const control = {
      checkpoint: () => stop.checkpoint(),
      progress: ({ bytesDone = 0 }) => {
        progress.update(bytesDone, source.byteLength, () => target)
      },
    } satisfies Control
    const written = await write(source, request, control)
    progress.clear()
    const losses = [...lossesOf(image, plain, written.problem), ...opened.rewritten()]
    for (const { code, message } of losses) warn(code === 'SOURCE_CHANGED' ? message : `${imagePath}: ${message}`)
    return losses.length === 0 ? EXIT.ok : EXIT.damaged
  } finally {
    progress.clear()
    stop.end()
  }
}

function write(
  source: PourSource,
  { opened, imagePath, target, conversion, partLength, password }: BlocksRequest,
  control: Control,
): Promise<Poured> {
  if (target === '-') return pour(source, new OutputStream(), control)
  if (conversion === 'sectors') return writeDisc(source, target.slice(0, -4), control)
  if (conversion === 'packed') {
    const { name, ext } = path.parse(target)
    assertTakes(path.dirname(path.resolve(target)), 0, null)
    return archiveBlocks({
      source,
      name: `${name}.${plainExtensionOf(opened.image.info)}`,
      modified: fs.statSync(imagePath).mtimeMs,
      format: ext.toLowerCase() === '.7z' ? '7z' : 'zip',
      target,
      ...(password === undefined ? {} : { password }),
      control,
    })
  }
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
