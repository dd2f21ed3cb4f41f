import fs from 'node:fs'
import path from 'node:path'
import { parseDate } from '../../iso-time'
import {
  assertFits,
  collect,
  HYBRIDS,
  mbrCodeOf,
  MEDIA,
  planImage,
  PRESETS,
  UDF_REVISIONS,
  type AuthorOptions,
  type MediaName,
  type PresetName,
  type SourceRequest,
} from '../../../engine'
import { cleanPath, parse, type ValuesOf } from '../../arguments'
import { UsageError } from '../../exit-status'
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

/** ECMA-119 8.4.8: of the volume identifier; UDF's has no more. */
const LABEL_LIMIT = 32

/** @throws {UsageError} rather than do something else than somebody thinks */
function assertConsistent(values: Values): void {
  if ((values.label ?? '').length > LABEL_LIMIT)
    throw new UsageError(`--label takes ${LABEL_LIMIT} characters at most.`, 'create')
  for (const [option, needed] of WITHOUT)
    if (values[option] !== undefined && values[needed] === undefined)
      throw new UsageError(`--${option} has no meaning without --${needed}.`, 'create')
  for (const [option, other] of AGAINST)
    if (values[option] !== undefined && values[other] !== undefined)
      throw new UsageError(`--${option} and --${other} contradict each other. Leave one out.`, 'create')
}

/** `isolde create OUT.iso SOURCE …`: an image of files and folders, read back before it has its name. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(create, args)
  const [target, ...sources] = positionals
  if (target === undefined) throw new UsageError('Name the image to write.', 'create')
  assertConsistent(values)
  const requests = sourcesOf(sources, values.map ?? [])
  const { root, leftOut } = collect(requests, {
    exclude: values.exclude ?? [],
    followLinks: values['follow-links'] ?? false,
    rationalize: values.rationalize ?? false,
    isOwnOutput: isOutput(target),
  })
  const options = optionsOf(values, target)
  if (options.implantMd5 && target === '-')
    throw new UsageError('--implant-md5 needs a file: the sum stands before what it is of.', 'create')
  const media = mediaOf(values.media)
  const plan = await planImage(root, options)
  if (media !== null) assertFits(plan.layout.byteLength, media)
  const report = new ImageReport(target, values)
  report.leftOut(leftOut)
  return writeImage(plan, { target, report, isDryRun: values['dry-run'] === true, progress: values.progress })
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

/** The image that is being made may lie in a folder that goes into it. */
function isOutput(target: string): (stat: fs.Stats) => boolean {
  const own = target === '-' ? undefined : fs.statSync(target, { throwIfNoEntry: false })
  return (stat) => stat.dev === own?.dev && stat.ino === own.ino
}

function optionsOf(values: Values, target: string): AuthorOptions {
  const preset = values.preset ?? 'data'
  if (!Object.hasOwn(PRESETS, preset))
    throw new UsageError(`--preset takes ${Object.keys(PRESETS).join(', ')}; “${preset}” is none of them.`, 'create')
  const base: AuthorOptions = PRESETS[preset as PresetName]
  const { label, publisher, preparer, application } = values
  return {
    ...base,
    isoLevel: values['no-iso'] === true ? null : levelOf(values.level, base.isoLevel),
    rockRidge:
      (values['rock-ridge'] ?? base.rockRidge) && values['no-rock-ridge'] !== true && values['no-iso'] !== true,
    joliet: (values.joliet ?? base.joliet) && values['no-joliet'] !== true && values['no-iso'] !== true,
    jolietLong: values['joliet-long'] ?? base.jolietLong,
    udf: values['no-udf'] === true ? null : udfOf(values.udf, base.udf),
    deep: choice('deep', values.deep, ['relocate', 'keep'], base.deep),
    dedupe: values.dedupe ?? base.dedupe,
    boots: bootsOf(values),
    findsBoots: values['no-boot'] !== true,
    hybrid: values.hybrid === undefined ? null : choice('hybrid', values.hybrid, HYBRIDS, 'both'),
    mbrCode: values.mbr === undefined ? null : mbrCodeOf(fs.readFileSync(values.mbr)),
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

function mediaOf(value: string | undefined): MediaName | null {
  if (value === undefined) return null
  if (!Object.hasOwn(MEDIA, value))
    throw new UsageError(`--media takes ${Object.keys(MEDIA).join(', ')}; “${value}” is none of them.`, 'create')
  return value as MediaName
}

function weightOf(rule: string): AuthorOptions['sort'][number] {
  const [, pattern, weight] = /^(.+)=(-?\d+)$/.exec(rule) ?? []
  if (pattern === undefined) throw new UsageError(`--sort takes PATTERN=WEIGHT, and “${rule}” is none.`, 'create')
  return { pattern, weight: Number(weight) }
}

function choice<T extends string>(option: string, value: string | undefined, choices: readonly T[], otherwise: T): T {
  if (value === undefined) return otherwise
  const found = choices.find((each) => each === value)
  if (found === undefined) throw new UsageError(`--${option} takes ${choices.join(' or ')}.`, 'create')
  return found
}

function levelOf(value: string | undefined, otherwise: AuthorOptions['isoLevel']): AuthorOptions['isoLevel'] {
  if (value === undefined) return otherwise
  const level = ([1, 2, 3, 4] as const).find((each) => String(each) === value)
  if (level === undefined) throw new UsageError('--level takes 1, 2, 3 or 4.', 'create')
  return level
}

function udfOf(value: string | undefined, otherwise: AuthorOptions['udf']): AuthorOptions['udf'] {
  if (value === undefined) return otherwise
  const revision = UDF_REVISIONS.find((each) => each === value)
  if (revision === undefined) throw new UsageError(`--udf takes ${UDF_REVISIONS.join(', ')}.`, 'create')
  return revision
}

function bootsOf(values: Values): AuthorOptions['boots'] {
  const emulation = choice('boot-emulation', values['boot-emulation'], ['none', 'floppy', 'hard-disk'] as const, 'none')
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

/** As reproducible builds have it: a number of seconds. */
function dateOf(value: string | undefined): number | null {
  if (value !== undefined) {
    const date = parseDate(value)
    if (date === null) throw new UsageError(`--date takes a date such as 2024-05-17; “${value}” is none.`, 'create')
    return date
  }
  const epoch = process.env.SOURCE_DATE_EPOCH
  return epoch !== undefined && /^\d+$/.test(epoch) ? Number(epoch) * 1000 : null
}

function defaultLabel(target: string): string {
  const name = target === '-' ? '' : path.parse(target).name
  return name.slice(0, 32) || 'IMAGE'
}
