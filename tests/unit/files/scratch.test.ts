import fs from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { openScratchFile } from '../../../src-main/files/scratch'
import { temporaryFolder } from '../support'

test.skipIf(process.platform === 'win32')(
  'what is being unpacked has no name that a killed process could leave',
  async () => {
    const folder = temporaryFolder()
    const before = process.env.TMPDIR
    process.env.TMPDIR = folder
    onTestFinished(() => {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    })
    const scratch = await openScratchFile('a.iso.gz', Infinity)
    await scratch.write(Buffer.from('first '))
    expect(fs.readdirSync(folder)).toEqual([])
    await scratch.write(Buffer.from('second'))
    const source = await scratch.finish()
    expect(source.byteLength).toBe(12)
    expect(Buffer.from(await source.read(0, 12)).toString()).toBe('first second')
    await source.close()
    expect(fs.readdirSync(folder)).toEqual([])
  },
)
