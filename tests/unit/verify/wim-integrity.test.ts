import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { openLocation } from '../../../src-main/engine'
import type { VerifyReport } from '../../../src-shared/model'
import { verifyImage } from '../../../src-main/verify/verify'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

const FREE = { checkpoint: () => undefined, progress: () => undefined }

/** Where the header says that the table of blobs and the integrity table lie. */
const BLOB_TABLE_AT = 48
const INTEGRITY_AT = 124
/** Of an entry of the blob table: how often the blob is used. Nothing that is read depends on it. */
const REFERENCES_AT = 26

/** Two files in an image of Windows that carries sums of its pieces. */
function captured(): string {
  const folder = temporaryFolder()
  fs.mkdirSync(path.join(folder, 'tree'))
  fs.writeFileSync(path.join(folder, 'tree', 'a.txt'), 'a'.repeat(70_000))
  fs.writeFileSync(
    path.join(folder, 'tree', 'b.bin'),
    Buffer.from(Array.from({ length: 90_000 }, (_, at) => (at * 7919) >> 3)),
  )
  const file = path.join(folder, 'install.wim')
  run('wimlib-imagex', ['capture', path.join(folder, 'tree'), file, '--check'])
  return file
}

async function piecesOf(file: string): Promise<VerifyReport['checks']> {
  const opened = await openLocation(file)
  onTestFinished(() => opened.close())
  const { checks } = await verifyImage(opened.image, 'wim', FREE)
  return checks.filter(({ kind }) => kind === 'pieces')
}

function change(file: string, at: (bytes: Buffer) => number): void {
  const bytes = fs.readFileSync(file)
  const place = at(bytes)
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place)
  fs.writeFileSync(file, bytes)
}

itWith('wimlib-imagex', 'compares a Windows image with its integrity table', async () => {
  expect(await piecesOf(captured())).toMatchObject([
    { verdict: 'passed', detail: 'Its one piece fits the table of sums that it carries.' },
  ])
})

itWith('wimlib-imagex', 'finds in a Windows image what only the integrity table tells', async () => {
  const file = captured()
  change(file, (bytes) => Number(bytes.readBigUInt64LE(BLOB_TABLE_AT + 8)) + REFERENCES_AT)
  expect(await piecesOf(file)).toMatchObject([{ verdict: 'failed' }])
})

itWith('wimlib-imagex', 'says where an integrity table cannot be used', async () => {
  const file = captured()
  change(file, (bytes) => Number(bytes.readBigUInt64LE(INTEGRITY_AT + 8)) + 4)
  expect(await piecesOf(file)).toMatchObject([
    { verdict: 'unreadable', detail: 'Its integrity table is damaged: what it says of the file cannot be checked.' },
  ])
})
