import fs from 'node:fs'
import path from 'node:path'
import { parseDate, sourceDate } from '../../iso-time'
import {
  assertFits,
  assertZisofsOptions,
  collect,
  MBR_BYTES,
  mbrCodeOf,
  openScratchFile,
  packFiles,
  planImage,
  PRESETS,
  type AuthorNode,
  type AuthorOptions,
  type PackedFiles,
  type Plan,
  type SourceRequest,
} from '../../../engine'
import { cleanPath, parse, type ValuesOf } from '../../arguments'
import { LABEL_LIMIT } from '../../command'
import { UsageError } from '../../exit-status'
import { assertImageName } from '../../image-target'
import { watchInterrupts } from '../../interrupts'
import { readNamedHead } from '../../named-file'
import { ImageReport, writeImage } from '../../write-image'
import { create } from './definition'

type Values = ValuesOf<typeof create>

/** Options that say nothing without another, or against one. */
const WITHOUT: readonly [keyof Values, keyof Values][] = [
  ['mbr', 'hybrid'],
  ['boot-emulation', 'boot-bios'],
]
const AGAINST: readonly [keyof Values, keyof Values][] = [
  ['udf', 'no-udf'],
  ['level', 'no-iso'],
  ['joliet', 'no-iso'],
  ['joliet-long', 'no-iso'],
  ['rock-ridge', 'no-iso'],
  ['joliet', 'no-joliet'],
  ['joliet-long', 'no-joliet'],
  ['rock-ridge', 'no-rock-ridge'],
]

/** @throws {UsageError} rather than do something else than somebody thinks */
function assertConsistent(values: Values): void {
  for (const [option, needed] of WITHOUT)
    if (values[option] !== undefined && values[needed] === undefined)
      throw new UsageError(`--${option} has no meaning without --${needed}.`, 'create')
  for (const [option, other] of AGAINST)
    if (values[option] !== undefined && values[other] !== undefined)
      throw new UsageError(`--${option} and --${other} contradict each other. Leave one out.`, 'create')
}

/** @throws {UsageError} for a pattern that is none */
function assertPatterns(values: Values): void {
  for (const option of ['exclude', 'zisofs'] as const)
    for (const glob of values[option] ?? [])
      if (/^\/*$/.test(glob))
        throw new UsageError(`--${option} takes a pattern such as *.tmp; “${glob}” is none.`, 'create')
}

/** @throws {UsageError} where a table was asked for, and no loader is there to be told where it lies */
function assertTables(values: Values, { boots }: Plan): void {
  for (const [option, table] of [
    ['boot-info-table', 'hasInfoTable'],
    ['grub2-boot-info', 'hasGrubTable'],
  ] as const)
    if (values[option] === true && !boots.some((boot) => boot[table]))
      throw new UsageError(
        `--${option} has no meaning without a loader that it is for. Name one with --boot-bios.`,
        'create',
      )
}

const LEVELS = { 1: 1, 2: 2, 3: 3, 4: 4 } as const

/** `isolde create OUT.iso SOURCE …`: an image of files and folders, read back before it has its name. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(create, args)
  const [target, ...sources] = positionals
  if (target === undefined) throw new UsageError('Name the image to write.', 'create')
  assertImageName(target, 'create')
  assertConsistent(values)
  const requests = sourcesOf(sources, values.map ?? [])
  assertPatterns(values)
  const { root, leftOut, unusedExcludes } = collect(requests, {
    exclude: values.exclude ?? [],
    followLinks: values['follow-links'] ?? false,
    rationalize: values.rationalize ?? false,
    ...(target === '-' ? {} : { output: target }),
  })
  const options = optionsOf(values, target)
  if (options.implantMd5 && target === '-')
    throw new UsageError('--implant-md5 needs a file: the sum stands before what it is of.', 'create')
  const packed = values.zisofs === undefined ? null : await packedFiles(root, options, values.zisofs, target)
  try {
    const plan = await planImage(root, options)
    assertTables(values, plan)
    if (values.media !== undefined) assertFits(plan.layout.byteLength, values.media)
    const report = new ImageReport(target, values)
    report.leftOut(leftOut)
    report.unused('exclude', unusedExcludes)
    report.unused('zisofs', packed?.unusedGlobs ?? [])
    for (const { path: at, message } of packed?.faults ?? []) report.problem('partial', at, message)
    return await writeImage(plan, { target, report, isDryRun: values['dry-run'] === true, progress: values.progress })
  } finally {
    await packed?.close()
  }
}

/** Packed before the image is planned, since only that says how long files are in it. */
async function packedFiles(
  root: AuthorNode,
  options: AuthorOptions,
  globs: readonly string[],
  target: string,
): Promise<PackedFiles> {
  assertZisofsOptions(options)
  const stop = watchInterrupts()
  try {
    const control = { checkpoint: () => stop.checkpoint(), progress: () => undefined }
    return await packFiles(root, options, globs, () => openScratchFile(target, Infinity), control)
  } finally {
    stop.end()
  }
}

function sourcesOf(sources: readonly string[], maps: readonly string[]): SourceRequest[] {
  const mapped = maps.map((map) => {
    const at = map.indexOf('=')
    if (at <= 0) throw new UsageError(`--map takes IN=AT, and “${map}” is none.`, 'create')
    return { path: map.slice(0, at), at: cleanPath(map.slice(at + 1)) }
  })
  const [only, ...others] = sources
  if (only === undefined && mapped.length === 0) throw new UsageError('Name what goes into the image.', 'create')
  const isFolder = only !== undefined && fs.statSync(only, { throwIfNoEntry: false })?.isDirectory() === true
  if (only !== undefined && others.length === 0 && isFolder) return [{ path: only, at: '' }, ...mapped]
  return [...sources.map((source) => ({ path: source, at: path.basename(path.resolve(source)) })), ...mapped]
}

function optionsOf(values: Values, target: string): AuthorOptions {
  const base: AuthorOptions = PRESETS[values.preset ?? 'data']
  const { label, publisher, preparer, application } = values
  return {
    ...base,
    isoLevel: values['no-iso'] === true ? null : values.level === undefined ? base.isoLevel : LEVELS[values.level],
    rockRidge:
      (values['rock-ridge'] ?? base.rockRidge) && values['no-rock-ridge'] !== true && values['no-iso'] !== true,
    joliet: (values.joliet ?? base.joliet) && values['no-joliet'] !== true && values['no-iso'] !== true,
    jolietLong: values['joliet-long'] ?? base.jolietLong,
    udf: values['no-udf'] === true ? null : (values.udf ?? base.udf),
    deep: values.deep ?? base.deep,
    dedupe: values.dedupe ?? base.dedupe,
    boots: bootsOf(values),
    findsBoots: values['no-boot'] !== true,
    hybrid: values.hybrid ?? null,
    mbrCode: values.mbr === undefined ? null : mbrCodeOf(readNamedHead(values.mbr, 'mbr', 'create', MBR_BYTES)),
    md5: values.md5 ?? false,
    implantMd5: values['implant-md5'] ?? false,
    sha256sums: values.sha256sums ?? false,
    sort: (values.sort ?? []).map(weightOf),
    label: label ?? defaultLabel(target),
    publisher: publisher ?? base.publisher,
    preparer: preparer ?? base.preparer,
    application: application ?? base.application,
    systemId: values['system-id'] ?? base.systemId,
    volumeSetId: values['volume-set-id'] ?? base.volumeSetId,
    date: dateOf(values.date),
  }
}

function weightOf(rule: string): AuthorOptions['sort'][number] {
  const [, pattern, weight] = /^(.+)=(-?\d+)$/.exec(rule) ?? []
  if (pattern === undefined) throw new UsageError(`--sort takes PATTERN=WEIGHT, and “${rule}” is none.`, 'create')
  return { pattern, weight: Number(weight) }
}

function bootsOf(values: Values): AuthorOptions['boots'] {
  const emulation = values['boot-emulation'] ?? 'none'
  const boots: AuthorOptions['boots'][number][] = []
  const bios = values['boot-bios']
  if (bios !== undefined)
    boots.push({
      platform: 'bios',
      path: cleanPath(bios),
      emulation,
      hasInfoTable: values['boot-info-table'] ?? false,
      hasGrubTable: values['grub2-boot-info'] ?? false,
    })
  const uefi = values['boot-uefi']
  if (uefi !== undefined)
    boots.push({ platform: 'uefi', path: cleanPath(uefi), emulation: 'none', hasInfoTable: false, hasGrubTable: false })
  return boots
}

/** When the volume says that it was made. */
function dateOf(value: string | undefined): number | null {
  if (value !== undefined) {
    const date = parseDate(value)
    if (date === null) throw new UsageError(`--date takes a date such as 2024-05-17; “${value}” is none.`, 'create')
    return date
  }
  return sourceDate()
}

function defaultLabel(target: string): string {
  const name = target === '-' ? '' : path.parse(target).name
  return name.slice(0, LABEL_LIMIT) || 'IMAGE'
}
