import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { frameScriptHashes } from '../../../src-main/host/frame-scripts'
import { pagePolicy } from '../../../src-main/host/headers'
import { temporaryFolder } from '../support'

it('the page’s policy names the scripts of preview frames, and no others, by their hashes', async () => {
  const folder = temporaryFolder()
  fs.mkdirSync(path.join(folder, 'assets'))
  const script = 'console.log("ü")'
  fs.writeFileSync(path.join(folder, 'assets/preview-pdf-frame-Ab_1-x.js'), script)
  fs.writeFileSync(path.join(folder, 'assets/index-Ab12.js'), 'index()')
  const hashes = await frameScriptHashes(folder)
  expect(hashes).toEqual([`'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`])
  const policy = pagePolicy('n', hashes, 'ws://127.0.0.1:1')
  expect(policy).toContain(`script-src 'self' ${hashes[0]};`)
  expect(policy).toContain("connect-src 'self' ws://127.0.0.1:1;")
})

it('a window without such scripts has none to allow', async () => {
  expect(await frameScriptHashes(path.join(temporaryFolder(), 'nowhere'))).toEqual([])
  expect(pagePolicy('n')).toContain("script-src 'self';")
})
