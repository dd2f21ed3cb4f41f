import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { UNCONTROLLED } from '../../../src-main/task'
import { extract } from '../../../src-main/extract/extract'
import { RecordAttributes } from '../../../src-main/image/filesystems/iso9660/rock-ridge/recorded-sums'
import { verifyImage } from '../../../src-main/verify/verify'
import type { EntryOutcome } from '../../../src-shared/model'
import { buildIso, concat, nm, px, SECTOR, SP, text, use, type BuiltImage } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { temporaryFolder } from '../support'

const FILE = 0o100644
const contents = { small: text('a small file'), large: new Uint8Array(3_000_000).fill(7) }

const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest()
const number = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const component = (bytes: Uint8Array | number[], flags = 0): Uint8Array => concat([flags, bytes.length], bytes)
const attribute = (name: string, value: Uint8Array | number[]): Uint8Array =>
  use('AL', [0], component(concat([4], text(name))), component(value))

/** As libisofs keeps the sums of files: a table behind them, which the root's record names. */
function summed(): BuiltImage {
  const build = (block: number): BuiltImage =>
    buildIso(
      Object.entries(contents).map(([name, data], index) => ({
        name: `${name.toUpperCase()}.BIN;1`,
        data,
        use: concat(px(FILE), nm(name), attribute('cx', number(index + 1))),
      })),
      {
        rootUse: concat(
          SP,
          px(0o040755),
          attribute('ca', concat([4], number(0), [4], number(block), [4], number(4), [1, 16], text('MD5'))),
        ),
        extraBlocks: 1,
      },
    )
  const image = build(build(1).extraBlock)
  const table = Buffer.concat([md5(image.bytes), ...Object.values(contents).map(md5)])
  image.bytes.set(Buffer.concat([table, md5(table)]), image.extraBlock * SECTOR)
  return image
}

async function outcomesOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const image = await openBytes(bytes)
  const outcomes: EntryOutcome[] = []
  const destination = path.join(temporaryFolder(), 'out')
  await extract({
    table: await image.view(image.info.defaultViewId).readTree(),
    selection: { paths: null },
    layout: { kind: 'full' },
    destination,
    conflicts: 'fail',
    control: UNCONTROLLED,
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  expect(fs.readdirSync(destination).sort()).toEqual(['large', 'small'])
  return Object.fromEntries(outcomes.map((outcome) => [outcome.path, outcome.code ?? outcome.status]))
}

describe('sums that libisofs records with the directory', () => {
  test('are compared while files are written', async () => {
    const { bytes, blockOf } = summed()
    expect(await outcomesOf(bytes)).toEqual({ small: 'written', large: 'written' })
    for (const name of ['small', 'large']) {
      const damaged = bytes.slice()
      const at = blockOf(`${name.toUpperCase()}.BIN;1`) * SECTOR + 5
      damaged[at] = (damaged[at] ?? 0) ^ 1
      expect(await outcomesOf(damaged)).toEqual({ small: 'written', large: 'written', [name]: 'SUM_MISMATCH' })
    }
  })

  test('name the file in verify, where no session’s sum covers it', async () => {
    const { bytes, blockOf } = summed()
    const verified = async () => {
      const image = await openBytes(bytes)
      return verifyImage(image, image.info.defaultViewId, { checkpoint: () => undefined, progress: () => undefined })
    }
    expect((await verified()).verdict).toBe('passed')
    bytes[blockOf('SMALL.BIN;1') * SECTOR] = 0
    const { checks, verdict } = await verified()
    expect(verdict).toBe('failed')
    expect(checks.filter((check) => check.verdict === 'failed')).toMatchObject([
      { kind: 'libisofs-md5', path: 'small' },
    ])
  })

  test('are not used where their table does not give its own sum', async () => {
    const { bytes, extraBlock } = summed()
    bytes[extraBlock * SECTOR + 20] = 0
    bytes[extraBlock * SECTOR + 21] = 0
    expect(await outcomesOf(bytes)).toEqual({ small: 'written', large: 'written' })
    const image = await openBytes(bytes)
    const report = await verifyImage(image, image.info.defaultViewId, {
      checkpoint: () => undefined,
      progress: () => undefined,
    })
    expect(report.checks).toContainEqual(expect.objectContaining({ kind: 'libisofs-md5', verdict: 'unreadable' }))
  })

  test('attributes go on over components and entries', () => {
    const attributes = new RecordAttributes()
    const found: string[] = []
    const read = (entry: Uint8Array): void => {
      attributes.read(entry, 0, entry.byteLength, (name, value) => found.push(`${name.join('.')}=${value.join('.')}`))
    }
    read(use('AL', [1], component(text('user.long'), 1), component(text('er')), component([1, 2], 1)))
    read(use('AL', [0], component([3]), component([4, 99, 120]), component([0, 0, 0, 9])))
    expect(found).toEqual(['4.99.120=0.0.0.9'])
  })
})
