import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { sampleImage } from '../../images/small-tree'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

it('a script of changes may begin with a byte order mark', () => {
  const folder = temporaryFolder()
  const at = (name: string): string => path.join(folder, name)
  fs.writeFileSync(at('links.iso'), sampleImage('links.iso.zst'))
  fs.writeFileSync(at('script'), '\uFEFF{"op":"rename","path":"file","to":"other.bin"}\r\n')
  const { status, stderr } = isolde(['edit', at('links.iso'), '--to', at('out.iso'), '--script', at('script')])
  expect(status, stderr).toBe(0)
  expect(isolde(['list', at('out.iso')]).stdout).toContain('other.bin')
})

it.each(['x.iso.002', 'x.iso.3', 'x.iso.10', 'x.iso.02', 'x.iso.ab'])('%s is called a later part', (name) => {
  const file = path.join(temporaryFolder(), name)
  fs.writeFileSync(file, Buffer.alloc(100_000))
  const { status, stderr } = isolde(['info', file])
  expect(status).toBe(3)
  expect(stderr).toContain(`“${name}” is a later part of an image in parts, and cannot be opened by itself.`)
})

it.each(['x.iso.txt', 'x.iso.xz2', 'notes.404'])('%s is not', (name) => {
  const file = path.join(temporaryFolder(), name)
  fs.writeFileSync(file, Buffer.alloc(100_000))
  expect(isolde(['info', file]).stderr).not.toContain('a later part')
})
