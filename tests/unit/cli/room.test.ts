import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { SAMPLE } from '../../e2e/support/samples'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

/** More than any disk here has free; a file with a hole takes nothing of it. */
const HUGE = 2 ** 42

let folder: string
let huge: string
let out: string
beforeEach(() => {
  folder = temporaryFolder()
  huge = path.join(folder, 'huge.bin')
  out = path.join(folder, 'out')
  fs.mkdirSync(out)
  fs.writeFileSync(huge, '')
  fs.truncateSync(huge, HUGE)
})

function expectRefused(args: string[]): void {
  const { status, stderr } = isolde(args)
  expect(stderr).toMatch(/has [\d.]+ [kMGT]B free, and [\d.]+ TB are to be written\. Free some space/)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(status).toBe(4)
  expect(fs.readdirSync(out)).toEqual([])
}

it.skipIf(process.platform === 'win32')('says how much room is missing before anything is written', () => {
  expectRefused(['create', path.join(out, 'x.iso'), huge, '--quiet'])
  expectRefused(['edit', SAMPLE, '--to', path.join(out, 'x.iso'), '--add', `${huge}=huge.bin`, '--quiet'])
  const image = path.join(folder, 'long.iso')
  fs.copyFileSync(SAMPLE, image)
  fs.truncateSync(image, HUGE)
  expectRefused(['convert', image, path.join(out, 'x.iso')])
  expectRefused(['convert', image, path.join(out, 'x.iso'), '--split', '8G'])
})
