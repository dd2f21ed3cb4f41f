import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { openLocation } from '../../../src-main/engine'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')

itWith('wimlib-imagex', 'reads solid images that were appended one after the other', async () => {
  const folder = temporaryFolder()
  const file = path.join(folder, 'appended.esd')
  const texts = ['one', 'two', 'three'].map((name, index) => {
    const text = Array.from({ length: 20_000 }, (_, line) => `${name} ${line * (index + 3)}\n`).join('')
    fs.mkdirSync(path.join(folder, name))
    fs.writeFileSync(path.join(folder, name, 'text'), text)
    run('wimlib-imagex', [index === 0 ? 'capture' : 'append', path.join(folder, name), file, name, '--solid'])
    return text
  })
  const opened = await openLocation(file)
  onTestFinished(() => opened.close())
  for (const [index, text] of texts.entries()) {
    const table = await opened.image.view(`wim@${index + 1}`).readTree()
    const content = table.content(1)
    expect(sha1((await content?.read(0, text.length)) ?? new Uint8Array(0))).toBe(sha1(Buffer.from(text)))
    expect(table.damage).toEqual([])
  }
})
