import { ByteReader, matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { NotAnImageError } from '../../core/disc-image'
import { Likelihood } from '../../core/likelihood'
import type { Container, ContainerContext, OpenedContainer } from '../container'
import { missingSibling } from '../disc/missing-sibling'
import { openDisc } from '../disc/open-disc'
import { readBeside, SHEET_LIMIT } from '../disc/sheet-container'
import { baseName, withoutExtension } from '../disc/sheet-text'
import { mediaDescriptorFileName, readMediaDescriptor } from './media-descriptor'

const MAGIC = 'MEDIA DESCRIPTOR'

/** Alcohol 120 %: a descriptor (.mds) beside its data (.mdf); either may be opened. */
export const mds: Container = {
  id: 'mds',
  probe: ({ head, name }) =>
    matchesAscii(head, 0, MAGIC) ? Likelihood.sure : isData(name) ? Likelihood.maybe : Likelihood.no,
  open: async (source, context) =>
    matchesAscii(await source.read(0, 16), 0, MAGIC) ? openDescriptor(source, context) : openBeside(source, context),
}

function isData(name: string): boolean {
  return name.toLowerCase().endsWith('.mdf')
}

async function openDescriptor(
  source: ByteSource,
  { name, options }: ContainerContext,
): Promise<OpenedContainer | null> {
  const reader = new ByteReader(await source.read(0, SHEET_LIMIT))
  // Byte 16 is the version: in version 2 the descriptor is encrypted.
  if (reader.u8(16) === 2) {
    throw new NotAnImageError(
      'UNSUPPORTED_CONTAINER',
      `“${name}” is an encrypted media descriptor (MDS version 2, or MDX), which is not supported. Alcohol 120% or DAEMON Tools opens it and can save it as an ISO image.`,
    )
  }
  const dataName = baseName(mediaDescriptorFileName(reader, name))
  const data = (await options.openSibling?.(dataName)) ?? null
  if (data === null) throw missingSibling(name, [dataName])
  return openDisc('mds', readMediaDescriptor(reader, data))
}

async function openBeside(source: ByteSource, { name, options }: ContainerContext): Promise<OpenedContainer | null> {
  const { openSibling } = options
  if (openSibling === undefined || !isData(name)) return null
  const bytes = await readBeside(openSibling, `${withoutExtension(name)}.mds`)
  if (bytes === null || !matchesAscii(bytes, 0, MAGIC)) return null
  return openDisc('mds', readMediaDescriptor(new ByteReader(bytes), source))
}
