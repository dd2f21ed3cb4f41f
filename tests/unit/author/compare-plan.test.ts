import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { writePlan, type Plan } from '../../../src-main/author'
import { makeNode } from '../../../src-main/author/author-tree'
import { temporaryFolder } from '../support'
import { plan, tree, type Sketch } from './support'

const CONTROL = { checkpoint: () => undefined, progress: () => undefined }
const link = (target: string): ReturnType<typeof makeNode> => makeNode({ name: '', kind: 'symlink', target })
const BOOT = { platform: 'bios', path: 'one', emulation: 'none', hasInfoTable: false, hasGrubTable: false } as const
const SKETCH: Sketch = { one: 'one', two: 'two', link: link('one'), folder: { three: 'three' } }

/** What is written is the layout of one plan, and what is expected is another one. */
async function writeOther(written: Plan, expected: Plan): Promise<string[]> {
  const folder = temporaryFolder()
  const target = path.join(folder, 'made.iso')
  await expect(writePlan({ ...expected, layout: written.layout }, target, CONTROL)).rejects.toMatchObject({
    code: 'VERIFY_FAILED',
    message: expect.stringMatching(/^The image was written, but reading it back shows that /) as string,
  })
  return fs.readdirSync(folder)
}

describe('an image that reads back as another one than was planned', () => {
  const others: Record<string, () => [Promise<Plan>, Promise<Plan>]> = {
    'has another name': () => [plan(tree(SKETCH)), plan(tree({ ...SKETCH, two: 'two', folder: { other: 'three' } }))],
    'has an entry less': () => [plan(tree({ one: 'one' })), plan(tree({ one: 'one', empty: '' }))],
    'has a file of another length': () => [plan(tree({ one: 'one' })), plan(tree({ one: 'only' }))],
    'has files in each other’s place': () => [
      plan(tree({ a: 'aa', b: 'bb' })),
      plan(tree({ a: 'aa', b: 'bb' }), { sort: [{ pattern: 'b', weight: 1 }] }),
    ],
    'has a link that leads elsewhere': () => [plan(tree(SKETCH)), plan(tree({ ...SKETCH, link: link('two') }))],
    'lacks a tree': () => [plan(tree(SKETCH), { joliet: false }), plan(tree(SKETCH))],
    'lacks a boot entry': () => [plan(tree(SKETCH)), plan(tree(SKETCH), { boots: [BOOT] })],
    'boots another file': () => [
      plan(tree(SKETCH), { boots: [{ ...BOOT, path: 'two' }] }),
      plan(tree(SKETCH), { boots: [BOOT] }),
    ],
  }
  it.each(Object.entries(others))('%s: it is removed, and said', async (_, make) => {
    const [written, expected] = make()
    expect(await writeOther(await written, await expected)).toEqual([])
  })

  it('has another byte on the disk: it is removed, and said', async () => {
    const folder = temporaryFolder()
    const planned = await plan(tree(SKETCH))
    const { byteLength } = planned.layout
    let isChanged = false
    const progress = ({ bytesDone = 0 }): void => {
      if (isChanged || bytesDone !== byteLength) return
      isChanged = true
      // The file beside the claim of its name.
      for (const name of fs.readdirSync(folder)) {
        const file = path.join(folder, name)
        if (fs.statSync(file).size < 400_000) continue
        const descriptor = fs.openSync(file, 'r+')
        fs.writeSync(descriptor, Uint8Array.of(1), 0, 1, 300_000)
        fs.closeSync(descriptor)
      }
    }
    const writing = writePlan(planned, path.join(folder, 'made.iso'), { checkpoint: () => undefined, progress })
    await expect(writing).rejects.toThrow('the disk gives other bytes than were written to it')
    expect(isChanged).toBe(true)
    expect(fs.readdirSync(folder)).toEqual([])
  })
})
