import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder } from '../support'

/** What a pipe takes and more, so that the command waits for its reader. */
const CONTENT = Buffer.alloc(8 << 20, 'all the same ')

it('cat of an image that is written to meanwhile ends with 1 and names it', async () => {
  const image = path.join(temporaryFolder(), 'disc.iso')
  fs.writeFileSync(image, buildIso([{ name: 'A;1', data: CONTENT }]).bytes)
  const child = spawn(process.execPath, [path.resolve('bin/isolde.mjs'), 'cat', image, 'A'], {
    env: { ...process.env, ISOLDE_HOME: '/dev/null/nowhere', NO_COLOR: '1' },
  })
  let complaint = ''
  let byteLength = 0
  child.stderr.on('data', (bytes: Buffer) => (complaint += bytes.toString()))
  await once(child.stdout, 'readable')
  fs.appendFileSync(image, 'more')
  child.stdout.on('data', (bytes: Buffer) => (byteLength += bytes.byteLength))
  const [status] = (await once(child, 'close')) as [number]
  expect(byteLength).toBe(CONTENT.byteLength)
  expect(complaint).toContain(image)
  expect(status).toBe(1)
})
