import type { BlockCodec } from './packing'
import { zisofs } from './zisofs'

/** Every way of packing files in blocks that is read. */
const CODECS: readonly BlockCodec[] = [zisofs]

/** @throws {RangeError} for an id that no codec has */
export function codecOf({ codec: id }: { codec: string }): BlockCodec {
  const codec = CODECS.find((each) => each.id === id)
  if (codec === undefined) throw new RangeError(`There is no codec “${id}”.`)
  return codec
}
