import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { sampleImage } from '../../images/small-tree'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

/** `boot.bin` starts it by BIOS, and `README.TXT` by UEFI. */
function edited(...changes: string[]): ReturnType<typeof isolde> & { boots: unknown[] } {
  const folder = temporaryFolder()
  const [image, target] = [path.join(folder, 'boot.iso'), path.join(folder, 'edited.iso')]
  fs.writeFileSync(image, sampleImage('bootable.iso.zst'))
  fs.writeFileSync(path.join(folder, 'other.bin'), Buffer.alloc(4096, 'other'))
  const words = changes.map((each) => each.replace('OTHER', path.join(folder, 'other.bin')))
  const answer = isolde(['edit', image, '--to', target, ...words])
  // What was appended to it is lost, which is no fault of the boot entries.
  if (answer.status !== 1) return { ...answer, boots: [] }
  const [info] = isolde(['info', target, '--json']).rows
  return { ...answer, boots: (info?.boot as { path: unknown; byteLength: unknown }[]).map(({ path }) => path) }
}

describe('what an image starts from', () => {
  it('is followed to its new name, alone and with its folder', () => {
    expect(edited('--rename', 'boot.bin=loader/x.bin').boots).toEqual(['loader/x.bin', 'README.TXT'])
  })

  it('is the file that has its place', () => {
    expect(edited('--delete', 'boot.bin', '--add', 'OTHER=boot.bin').boots).toEqual(['boot.bin', 'README.TXT'])
    const swapped = edited('--rename', 'boot.bin=old.bin', '--rename', 'DIR1/A.BIN=boot.bin')
    expect(swapped.boots).toEqual(['boot.bin', 'README.TXT'])
  })

  it('may not be deleted alone, and it is said why', () => {
    const { status, stderr } = edited('--delete', 'boot.bin')
    expect(status).toBe(4)
    expect(stderr).toContain('“boot.bin” is what the image starts from (BIOS), and may not be deleted alone.')
  })
})
