import { because } from '../../../../src-shared/model'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { SiblingOpener } from '../../core/disc-image'
import { Likelihood } from '../../core/likelihood'
import type { Container, ContainerContext, OpenedContainer } from '../container'
import type { DiscLayout } from './disc-layout'
import { missingSibling } from './missing-sibling'
import { openDisc } from './open-disc'
import { cutPauses } from './pause'
import { SheetFiles } from './sheet-files'
import { baseName, decodeSheet, mayBeText, placesOf, readingsOf, withoutExtension } from './sheet-text'

/** Tables of contents are text of a few kilobytes. */
export const SHEET_LIMIT = 1 << 20

/** A kind of sheet that is text. */
interface TextSheet {
  id: string
  /** Extensions of the data files beside which it is looked for. */
  dataExtensions: readonly string[]
  /** The files that a text names, where it names any: none where it is no such sheet. */
  names?: (text: string) => readonly string[]
  /** Null where the text is no such sheet. Files that it names are opened through `files`. */
  read: (text: string, files: SheetFiles) => Promise<DiscLayout | null>
}

/**
 * A table of contents in a text file: the file that was opened, or one of the same name beside the data that were, which
 * knows more than they do.
 */
export function sheetContainer(sheet: TextSheet): Container {
  return {
    id: sheet.id,
    probe: ({ name, byteLength, head }) =>
      isText(byteLength, head) || hasExtension(name, sheet.dataExtensions) ? Likelihood.maybe : Likelihood.no,
    open: async (source, context) =>
      isText(source.byteLength, await source.read(0, 512))
        ? ((await openSheet(source, sheet, context)) ?? openBeside(source, sheet, context))
        : openBeside(source, sheet, context),
  }
}

function isText(byteLength: number, head: Uint8Array): boolean {
  return byteLength <= SHEET_LIMIT && mayBeText(head.subarray(0, 512))
}

function hasExtension(name: string, extensions: readonly string[]): boolean {
  return extensions.some((extension) => name.toLowerCase().endsWith(`.${extension}`))
}

const NOTHING_BESIDE: SiblingOpener = () => Promise.resolve(null)

async function openSheet(
  source: ByteSource,
  sheet: TextSheet,
  { name, options, log }: ContainerContext,
): Promise<OpenedContainer | null> {
  const files = new SheetFiles(name, options.openSibling ?? NOTHING_BESIDE, log)
  try {
    const text = await textOf(await source.read(0, SHEET_LIMIT), sheet, options.openSibling ?? NOTHING_BESIDE)
    const layout = await sheet.read(text, files)
    if (layout === null) return null
    if (layout.tracks.length === 0 && files.missing.length > 0) throw missingSibling(name, files.missing)
    reportMissing(files, log)
    await cutPauses(layout.tracks)
    return openDisc(sheet.id, layout, log)
  } catch (error) {
    await files.close()
    throw error
  }
}

/** A sheet's text. A few letters in names tell little of its character set, but a file that goes by one of them does. */
async function textOf(bytes: Uint8Array, sheet: TextSheet, openSibling: SiblingOpener): Promise<string> {
  const likeliest = decodeSheet(bytes)
  const foreignNameIn = (text: string): string | undefined =>
    sheet.names?.(text).find((name) => /[^\0-\x7f]/.test(name))
  if (foreignNameIn(likeliest) === undefined) return likeliest
  for (const text of readingsOf(bytes)) {
    for (const place of placesOf(foreignNameIn(text) ?? '')) {
      const found = await openSibling(place)
      await found?.close()
      if (found !== null) return text
    }
  }
  return likeliest
}

async function openBeside(
  source: ByteSource,
  sheet: TextSheet,
  { name, options, log }: ContainerContext,
): Promise<OpenedContainer | null> {
  const { openSibling } = options
  if (openSibling === undefined || !hasExtension(name, sheet.dataExtensions)) return null
  const sheetName = `${withoutExtension(name)}.${sheet.id}`
  const bytes = await readBeside(openSibling, sheetName)
  if (bytes === null) return null
  const asked = { source: false }
  // The data file is open already; another handle on it would only have to be closed again.
  const files = new SheetFiles(
    sheetName,
    (other) => {
      if (baseName(other).toLowerCase() !== name.toLowerCase()) return openSibling(other)
      asked.source = true
      return Promise.resolve(source)
    },
    log,
  )
  const layout = await sheet.read(await textOf(bytes, sheet, openSibling), files)
  if (layout !== null && asked.source) {
    reportMissing(files, log)
    await cutPauses(layout.tracks)
    return openDisc(sheet.id, layout, log)
  }
  // A sheet for other files says nothing about this one.
  for (const opened of files.sources) if (opened !== source) await opened.close()
  return null
}

/** The whole of a small file beside the image; null where there is none. */
export async function readBeside(openSibling: SiblingOpener, name: string): Promise<Uint8Array | null> {
  const file = await openSibling(name)
  if (file === null) return null
  try {
    return file.byteLength > SHEET_LIMIT ? null : await file.read(0, SHEET_LIMIT)
  } finally {
    await file.close()
  }
}

/** Says which of the files that a sheet names are not there. */
export function reportMissing({ missing, sheet }: SheetFiles, log: DiagnosticLog): void {
  for (const file of missing) {
    const details = because('trackFileMissing', { name: file, sheet })
    log.damage('TRACK_FILE_MISSING', `“${file}”, which “${sheet}” names, is missing.`, undefined, details)
  }
}
