import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { extract } from '../../src-main/extract/extract'
import { FileByteSource } from '../../src-main/files/file-byte-source'
import { openImage, placeIn, SourceError, type ByteSource, type SourceFile } from '../../src-main/image'
import type { EntryOutcome } from '../../src-shared/model'
import { temporaryFolder } from '../unit/support'
import { writeImage, type FaultImage } from './support'

async function run(
  image: FaultImage,
  destination: string,
  meddle: (call: number) => void,
  wrap: (file: FileByteSource) => ByteSource & SourceFile = (file) => file,
): Promise<EntryOutcome[]> {
  const file = FileByteSource.open(image.path)
  const disc = await openImage(wrap(file), { name: 'disc.iso' })
  const table = await disc.view(disc.info.defaultViewId).readTree()
  const outcomes: EntryOutcome[] = []
  let calls = 0
  try {
    await extract({
      table,
      selection: { paths: null },
      layout: { kind: 'full' },
      destination,
      conflicts: 'fail',
      control: {
        checkpoint: () => {
          meddle(++calls)
        },
        progress: () => undefined,
      },
      onOutcome: (outcome) => outcomes.push(outcome),
    })
  } finally {
    await disc.close()
    file.close()
  }
  return outcomes
}

function writtenWrongly(outcomes: EntryOutcome[], destination: string, image: FaultImage): string[] {
  return outcomes
    .filter((outcome) => outcome.status === 'written' && image.files.has(outcome.path))
    .filter((outcome) => !fs.readFileSync(path.join(destination, outcome.to!)).equals(image.files.get(outcome.path)!))
    .map((outcome) => outcome.path)
}

describe('a source', () => {
  it.each([1, 40, 210, 302])(
    'cut short while it is read (at step %i) gives no wrong file for a whole one',
    async (step) => {
      const folder = temporaryFolder()
      const image = writeImage(folder, 300)
      const destination = path.join(folder, 'out')
      const outcomes = await run(image, destination, (call) => {
        if (call === step) fs.truncateSync(image.path, Math.floor(fs.statSync(image.path).size / 3))
      })
      expect(writtenWrongly(outcomes, destination, image)).toEqual([])
      expect(outcomes.some((outcome) => outcome.status === 'partial')).toBe(true)
      for (const outcome of outcomes.filter((one) => one.status === 'partial')) {
        expect(outcome.code).toBe('CONTENT_DAMAGED')
        // What is there stays in its place: the length is the file's own.
        expect(fs.statSync(path.join(destination, outcome.to!)).size).toBe(image.files.get(outcome.path)!.byteLength)
      }
    },
  )

  it('with a scratch keeps everything around it', async () => {
    const folder = temporaryFolder()
    const image = writeImage(folder, 50, 1)
    const destination = path.join(folder, 'out')
    const scratch = { from: 0, to: 0 }
    const outcomes = await run(
      image,
      destination,
      () => undefined,
      (file) => {
        const whole = fs.readFileSync(image.path)
        // In the middle of the large file.
        scratch.from = whole.indexOf(Buffer.from('LARGE/L0.BIN — whole')) + 1_500_000
        scratch.to = scratch.from + 10
        const refuse = (byteOffset: number, byteLength: number): void => {
          if (byteOffset < scratch.to && byteOffset + byteLength > scratch.from)
            throw new SourceError('SOURCE_UNREADABLE', 'disc.iso cannot be read: the device reports a read error.')
        }
        const scratched: ByteSource & SourceFile = {
          role: 'image',
          byteLength: file.byteLength,
          read: (byteOffset, byteLength) => (refuse(byteOffset, byteLength), file.read(byteOffset, byteLength)),
          readInto: (target, byteOffset) => (refuse(byteOffset, target.byteLength), file.readInto(target, byteOffset)),
          locate: (byteOffset, byteLength) => placeIn(scratched, file.byteLength, byteOffset, byteLength),
          close: () => undefined,
        }
        return scratched
      },
    )
    expect(writtenWrongly(outcomes, destination, image)).toEqual([])
    const [partial, ...others] = outcomes.filter((outcome) => outcome.status === 'partial')
    expect(others).toEqual([])
    expect(partial!.path).toBe('LARGE/L0.BIN')
    const kept = fs.readFileSync(path.join(destination, partial!.to!))
    const wanted = image.files.get('LARGE/L0.BIN')!
    let different = 0
    for (let i = 0; i < wanted.byteLength; i++) if (kept[i] !== wanted[i]) different++
    expect(different).toBeLessThanOrEqual(32 << 10)
  })
})
