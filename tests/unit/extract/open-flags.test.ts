import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { NEW_FILE, PART_OF_FILE, refusingLinks } from '../../../src-main/extract/open-flags'
import { temporaryFolder } from '../support'

describe('how files are opened', () => {
  it('refuses links by each system’s own flag', () => {
    expect(refusingLinks('linux')).toBe(fs.constants.O_NOFOLLOW)
    expect(refusingLinks('darwin')).toBe(0x2000_0000)
  })

  it('never follows a link, and never takes what is there', () => {
    const folder = temporaryFolder()
    const [file, link] = [path.join(folder, 'file'), path.join(folder, 'link')]
    fs.closeSync(fs.openSync(file, NEW_FILE, 0o644))
    fs.symlinkSync(file, link)
    expect(() => fs.openSync(file, NEW_FILE, 0o644)).toThrow('EEXIST')
    expect(() => fs.openSync(link, PART_OF_FILE)).toThrow('ELOOP')
    fs.closeSync(fs.openSync(file, PART_OF_FILE))
  })
})
