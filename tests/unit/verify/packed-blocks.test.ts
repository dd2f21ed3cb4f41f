import zlib from 'node:zlib'
import { expect, it } from 'vitest'
import { damageIn, mapOf } from '../../../src-main/verify/verified-map'
import { verifyImage, type Verified } from '../../../src-main/verify/verify'
import { ChunkKind, buildDmg } from '../../images/dmg-builder'
import { sectors } from '../../images/cd-sectors'
import { buildChd, FRAME, framesOf } from '../../images/chd-builder'
import { buildQcow2, buildVmdk } from '../../images/disk-builder'
import { buildIso } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { buildCompressedBlocks, buildDax, buildGcz } from '../../images/packed-disc-builder'

const FREE = { checkpoint: () => undefined, progress: () => undefined }
const LONG = Array.from({ length: 60_000 }, (_, index) => `${(index * 7919) % 100_003}`).join(' ')
const built = buildIso([
  { name: 'FIRST.TXT;1', data: 'first' },
  { name: 'LONG.TXT;1', data: LONG },
]).bytes
const disc = Buffer.concat([built, Buffer.alloc((64 << 10) - (built.byteLength % (64 << 10)))])

/** Without its own sum of what it unpacks to. */
function dmgWithoutSums(): Buffer {
  const bytes = Buffer.from(buildDmg(disc, [ChunkKind.zlib], 32, (table) => table.writeUInt32BE(0, 64)))
  const trailer = bytes.byteLength - 512
  for (const at of [80, 352]) bytes.writeUInt32BE(0, trailer + at)
  return bytes
}

/** Of a CD: its blocks are sectors underneath. */
function chdOfCd(): Buffer {
  const raw = sectors(disc)
  const track = `TRACK:1 TYPE:MODE1_RAW SUBTYPE:NONE FRAMES:${raw.byteLength / 2352}`
  const options = { codecs: ['cdzl'], hunkLength: FRAME * 8, unitLength: FRAME, metadata: [['CHTR', track]] } as const
  return Buffer.from(buildChd(framesOf(raw, 2352), options))
}

function cso(): Buffer {
  return buildCompressedBlocks('CISO', 1, disc, (block) => ({ bytes: zlib.deflateRawSync(block), flag: false }))
}

interface Outcome {
  verified: Verified
  paths: string[]
  damaged: string[]
}

async function check(bytes: Uint8Array, name: string): Promise<Outcome> {
  const image = await openBytes(bytes, { name })
  const view = image.info.defaultViewId
  const verified = await verifyImage(image, view, FREE)
  const table = await image.view(view).readTree()
  const damaged = damageIn(mapOf(verified, image), table).flatMap(({ paths }) => paths)
  await image.close()
  return { verified, paths: verified.checks.flatMap(({ path }) => path ?? []), damaged }
}

it.each<[string, Buffer, 'passed' | 'nothing-to-check']>([
  ['disc.gcz', buildGcz(disc), 'passed'],
  ['disc.cso', cso(), 'nothing-to-check'],
  ['disc.dax', buildDax(disc), 'nothing-to-check'],
  ['disc.qcow2', buildQcow2(disc, { packed: 'deflate' }), 'nothing-to-check'],
  ['disc.vmdk', buildVmdk(disc, { isStream: true }), 'nothing-to-check'],
  ['disc.chd', Buffer.from(buildChd(disc, { codecs: ['zlib'] })), 'passed'],
  ['cd.chd', chdOfCd(), 'passed'],
  ['disc.dmg', dmgWithoutSums(), 'nothing-to-check'],
])('a block of %s that does not unpack is found, with the file that it costs', async (name, bytes, verdict) => {
  expect((await check(bytes, name)).verified.verdict).toBe(verdict)
  const spoiled = Buffer.from(bytes)
  const at = Math.floor(bytes.byteLength * 0.6)
  for (let index = 0; index < 40; index++) spoiled[at + index]! ^= 0xff
  const { verified, paths, damaged } = await check(spoiled, name)
  expect(verified.verdict).toBe('failed')
  expect(paths).toEqual(['LONG.TXT'])
  expect(new Set(damaged)).toEqual(new Set(['LONG.TXT']))
})
