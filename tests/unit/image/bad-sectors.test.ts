import { describe, expect, test } from 'vitest'
import { MemoryByteSource, openImage, SourceError, type ByteSource } from '../../../src-main/image'
import { buildIso, SECTOR, type BuildNode } from '../../images/iso-builder'
import { codes, pathsOf, readAll } from '../../images/open-bytes'
import { buildUdf } from '../../images/udf-builder'

/** A medium on which some sectors cannot be read. */
function scratched(bytes: Uint8Array, bad: readonly number[], code = 'SOURCE_UNREADABLE'): ByteSource {
  const memory = new MemoryByteSource(bytes)
  return {
    byteLength: memory.byteLength,
    read(byteOffset, byteLength) {
      const hit = bad.find((sector) => sector * SECTOR < byteOffset + byteLength && (sector + 1) * SECTOR > byteOffset)
      if (hit !== undefined) throw new SourceError(code, 'The drive says no.', { byteOffset: hit * SECTOR })
      return memory.read(byteOffset, byteLength)
    },
    locate: (byteOffset, byteLength) => memory.locate(byteOffset, byteLength),
    close: () => undefined,
  }
}

const nodes: BuildNode[] = [
  { name: 'A', children: [{ name: 'ONE;1', data: 'one' }] },
  { name: 'B', children: [{ name: 'TWO;1', data: 'two' }] },
]

describe('bad sectors', () => {
  test('in a directory cost that directory alone', async () => {
    const { bytes, blockOf } = buildIso(nodes)
    const image = await openImage(scratched(bytes, [blockOf('A')]), { name: 'scratched.iso' })
    expect(await pathsOf(image)).toEqual(['A', 'B', 'B/TWO'])
    expect(codes(image)).toContain('UNREADABLE_SECTOR')
  })

  test('in a file are errors of that file, told when it is read', async () => {
    const { bytes, blockOf } = buildIso(nodes)
    const image = await openImage(scratched(bytes, [blockOf('A/ONE;1')]), { name: 'scratched.iso' })
    expect(await pathsOf(image)).toHaveLength(4)
    const found = await image.view('iso9660').lookup('A/ONE')
    await expect(readAll(found?.content)).rejects.toBeInstanceOf(SourceError)
  })

  test('under an anchor leave the one at the end', async () => {
    const { bytes } = buildUdf([{ name: 'f', data: new Uint8Array(10) }])
    const image = await openImage(scratched(bytes, [256]), { name: 'scratched.img' })
    expect(await pathsOf(image)).toEqual(['f'])
    expect(codes(image)).toContain('UDF_BACKUP_ANCHOR_USED')
  })

  test('a source that is gone is no bad sector', async () => {
    const { bytes } = buildIso(nodes)
    await expect(openImage(scratched(bytes, [16], 'SOURCE_GONE'), { name: 'gone.iso' })).rejects.toMatchObject({
      code: 'SOURCE_GONE',
    })
  })
})
