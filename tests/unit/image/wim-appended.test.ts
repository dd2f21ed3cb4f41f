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

itWith(
  'wimlib-imagex',
  'says of what differs from another image that contents lie there, and which of its own are whole',
  async () => {
    const folder = temporaryFolder()
    const tree = path.join(folder, 'tree')
    const [base, delta] = ['base.wim', 'delta.wim'].map((name) => path.join(folder, name)) as [string, string]
    fs.mkdirSync(tree)
    fs.writeFileSync(path.join(tree, 'old'), 'there before')
    run('wimlib-imagex', ['capture', tree, base])
    fs.writeFileSync(path.join(tree, 'new'), 'came later')
    fs.writeFileSync(path.join(tree, 'empty'), '')
    run('wimlib-imagex', ['capture', tree, delta, `--delta-from=${base}`])
    const told = async (file: string): Promise<unknown[]> => {
      const opened = await openLocation(file)
      onTestFinished(() => opened.close())
      const table = await opened.image.view('wim').readTree()
      const statuses = [1, 2, 3].slice(0, table.length - 1).map((index) => [table.pathOf(index), table.statusOf(index)])
      return [
        Object.fromEntries(statuses) as Record<string, string>,
        opened.image.diagnostics.map(({ code, severity }) => `${severity} ${code}`),
      ]
    }
    expect(await told(delta)).toEqual([
      { empty: 'complete', new: 'complete', old: 'lost' },
      ['damage CONTENT_ELSEWHERE'],
    ])
    expect(await told(base)).toEqual([{ old: 'complete' }, []])
  },
)

itWith('wimlib-imagex', 'lists however many files without content, which take a few bytes each', async () => {
  const folder = temporaryFolder()
  const [tree, file] = [path.join(folder, 'tree'), path.join(folder, 'many.wim')]
  fs.mkdirSync(tree)
  for (let number = 0; number < 5000; number++) fs.writeFileSync(path.join(tree, `file ${number}`), '')
  run('wimlib-imagex', ['capture', tree, file])
  expect(fs.statSync(file).size).toBeLessThan(60_000)
  const opened = await openLocation(file)
  onTestFinished(() => opened.close())
  const table = await opened.image.view('wim').readTree()
  expect([table.length - 1, table.damage]).toEqual([5000, []])
})
