import { ByteReader, matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { NotAnImageError, type SiblingOpener } from '../../core/disc-image'
import { Likelihood } from '../../core/likelihood'
import type { Container, ContainerContext, OpenedContainer } from '../container'
import { missingSibling } from '../disc/missing-sibling'
import { openDisc } from '../disc/open-disc'
import { ConcatSource } from '../../core/sources/concat-source'
import { readBeside, SHEET_LIMIT, reportMissing } from '../disc/sheet-container'
import { SheetFiles } from '../disc/sheet-files'
import { withoutExtension } from '../disc/sheet-text'
import { filesOf, readMediaDescriptor, type DataName } from './media-descriptor'

const MAGIC = 'MEDIA DESCRIPTOR'

/** Alcohol 120 %: a descriptor (.mds) beside its data (.mdf, and .md0, .md1 … where it is in parts); any of them may be opened. */
export const mds: Container = {
  id: 'mds',
  probe: ({ head, name }) =>
    matchesAscii(head, 0, MAGIC) ? Likelihood.sure : isData(name) ? Likelihood.maybe : Likelihood.no,
  open: async (source, context) =>
    matchesAscii(await source.read(0, 16), 0, MAGIC) ? openDescriptor(source, context) : openBeside(source, context),
}

function isData(name: string): boolean {
  return /\.md(?:f|\d+)$/i.test(name)
}

const NOTHING_BESIDE: SiblingOpener = () => Promise.resolve(null)

async function openDescriptor(
  source: ByteSource,
  { name, options, log }: ContainerContext,
): Promise<OpenedContainer | null> {
  const reader = new ByteReader(await source.read(0, SHEET_LIMIT))
  // Byte 16 is the version: in version 2 the descriptor is encrypted.
  if (reader.u8(16) === 2) {
    throw new NotAnImageError(
      'UNSUPPORTED_CONTAINER',
      `“${name}” is an encrypted media descriptor (MDS version 2, or MDX), which is not supported. Alcohol 120% or DAEMON Tools opens it and can save it as an ISO image.`,
    )
  }
  const { disc, missing } = await openTracks(reader, name, options.openSibling ?? NOTHING_BESIDE, log, null)
  if (disc === null) throw missingSibling(name, missing.length > 0 ? missing : [`${withoutExtension(name)}.mdf`])
  return disc
}

async function openBeside(
  source: ByteSource,
  { name, options, log }: ContainerContext,
): Promise<OpenedContainer | null> {
  const { openSibling } = options
  if (openSibling === undefined || !isData(name)) return null
  const sheet = `${withoutExtension(name)}.mds`
  const bytes = await readBeside(openSibling, sheet)
  if (bytes === null || !matchesAscii(bytes, 0, MAGIC)) return null
  const reader = new ByteReader(bytes)
  const opener: SiblingOpener = (other) =>
    other.toLowerCase() === name.toLowerCase() ? Promise.resolve(source) : openSibling(other)
  const { disc } = await openTracks(reader, sheet, opener, log, source)
  if (disc !== null || !name.toLowerCase().endsWith('.mdf')) return disc
  // A descriptor of other files says nothing about this one; its own name may have changed along with this one's.
  return openDisc('mds', await readMediaDescriptor(reader, name, () => Promise.resolve(source), log), log)
}

/** The tracks of a media descriptor, whose files may be several, each in one piece or in some. */
async function openTracks(
  reader: ByteReader,
  name: string,
  openSibling: SiblingOpener,
  log: DiagnosticLog,
  kept: ByteSource | null,
): Promise<{ disc: OpenedContainer | null; missing: readonly string[] }> {
  const files = new SheetFiles(name, openSibling, log)
  const joined = new Map<string, ByteSource>()
  const renamed = renamedFiles(filesOf(reader, name).flat(), name)
  const openData = async (names: readonly DataName[]): Promise<ByteSource | null> => {
    const key = names.map(({ name: one }) => one).join('/')
    const known = joined.get(key)
    if (known !== undefined) return known
    const parts: ByteSource[] = []
    // What lies behind a part that is missing is not where it should be: only what lies before it is read.
    for (const one of names) {
      const part = await files.open(one.name, [...one.others, ...renamed(one.name)])
      if (part === null) break
      parts.push(part)
    }
    const [only] = parts
    if (only === undefined) return null
    const whole = parts.length === 1 ? only : new ConcatSource(parts)
    joined.set(key, whole)
    return whole
  }
  const layout = await readMediaDescriptor(reader, name, openData, log)
  if (layout.tracks.length === 0) {
    for (const opened of files.sources) if (opened !== kept) await opened.close()
    return { disc: null, missing: files.missing }
  }
  reportMissing(files, log)
  return { disc: openDisc('mds', { ...layout, sources: files.sources }, log), missing: files.missing }
}

/**
 * Under which other names the files that a descriptor points at may lie: renamed along with it, which leaves them their
 * extensions. Of several with the same one nobody knows which was which.
 */
function renamedFiles(names: readonly string[], sheet: string): (name: string) => string[] {
  const stem = withoutExtension(sheet)
  const all = [...new Set(names)]
  const extensionOf = (name: string): string => /\.[^.]*$/.exec(name.toLowerCase())?.[0] ?? ''
  return (name) => {
    if (all.length === 1) return [`${stem}.mdf`]
    const own = extensionOf(name)
    const isAlone = own !== '' && all.filter((other) => extensionOf(other) === own).length === 1
    return isAlone ? [`${stem}${own}`] : []
  }
}
