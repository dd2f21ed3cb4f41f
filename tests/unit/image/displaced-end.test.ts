import { describe, expect, it } from 'vitest'
import { codes, openBytes } from '../../images/open-bytes'
import { sampleImage } from '../../images/small-tree'

const damages = async (bytes: Uint8Array): Promise<string[]> => codes(await openBytes(bytes))

describe('a volume whose end lies too early lacks bytes in its middle', () => {
  it.each([
    ['NTFS', 'ntfs/small.img.zst', 512],
    ['UDF', 'udf102.img.zst', 2048],
  ])('%s', async (_, name, sectorLength) => {
    const whole = sampleImage(name)
    expect(await damages(whole)).not.toContain('BYTES_MISSING_INSIDE')
    const middle = Math.floor(whole.byteLength / sectorLength / 2) * sectorLength
    const short = Buffer.concat([whole.subarray(0, middle), whole.subarray(middle + sectorLength)])
    const image = await openBytes(short)
    expect(image.damage).toMatchObject([{ code: 'BYTES_MISSING_INSIDE' }])
    expect(image.damage[0]?.message).toContain(` ${sectorLength} bytes in front of its place`)
    // Those that are missing at the end are missing nowhere else.
    expect(await damages(whole.subarray(0, -sectorLength))).not.toContain('BYTES_MISSING_INSIDE')
  })
})
