import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { itWith, run, SEVEN_ZIP } from '../unit/desktop/programs'
import { temporaryFolder, treeOf } from '../unit/support'

const BLOCK = 2048

/** An image of UDF 2.50 and the folder that it was made of. */
function made(options: readonly string[] = ['--preset', 'bluray']): { source: string; image: string } {
  const folder = temporaryFolder()
  const source = path.join(folder, 'source')
  fs.mkdirSync(path.join(source, 'BDMV/STREAM'), { recursive: true })
  fs.mkdirSync(path.join(source, 'empty'))
  for (let i = 0; i < 90; i++) fs.writeFileSync(path.join(source, `BDMV/Grüße ${i}.txt`), 'x'.repeat(i * 100))
  fs.writeFileSync(path.join(source, 'BDMV/STREAM/00000.m2ts'), Buffer.alloc(700_000, 'stream'))
  const image = path.join(folder, 'made.iso')
  expect(isolde(['create', image, source, ...options]).status).toBe(0)
  return { source, image }
}

function unpacked(image: string): Record<string, string> {
  const out = temporaryFolder()
  isolde(['extract', image, '--view', 'udf', '--to', out])
  return treeOf(out)
}

describe('UDF 2.50', () => {
  it('has every file, and is whole', () => {
    const { source, image } = made()
    expect(isolde(['verify', image]).stderr).toBe('')
    expect(isolde(['info', image, '--json']).rows[0]).toMatchObject({
      views: [{ id: 'udf', format: 'UDF 2.50' }],
      diagnostics: [],
    })
    expect(unpacked(image)).toEqual(treeOf(source))
  })

  it('has its structures twice: where the first are lost, the mirror gives every file', () => {
    const { source, image } = made()
    const bytes = fs.readFileSync(image)
    const fileSets = [...Array(bytes.byteLength / BLOCK).keys()].filter(
      (block) => bytes.readUInt16LE(block * BLOCK) === 256 && bytes.readUInt32LE(block * BLOCK + 12) === 0,
    )
    expect(fileSets).toHaveLength(2)
    const [main = 0, mirror = 0] = fileSets
    const length = 92 * BLOCK
    expect(bytes.subarray(main * BLOCK, main * BLOCK + length)).toEqual(
      bytes.subarray(mirror * BLOCK, mirror * BLOCK + length),
    )
    bytes.fill(0, main * BLOCK, main * BLOCK + length)
    fs.writeFileSync(image, bytes)
    expect(unpacked(image)).toEqual(treeOf(source))
  })

  itWith('udfinfo', 'is a whole volume to another program', () => {
    const { image } = made()
    const facts = run('udfinfo', [image])
    for (const line of ['udfrev=2.50', 'numfiles=91', 'numdirs=4', 'integrity=closed', 'behindblocks=0'])
      expect(facts.split('\n')).toContain(line)
  })

  itWith(SEVEN_ZIP, 'is unpacked by another one, without a complaint', () => {
    const { source, image } = made()
    const out = temporaryFolder()
    expect(run(SEVEN_ZIP, ['x', '-tudf', `-o${out}`, image])).toContain('Everything is Ok')
    expect(treeOf(out)).toEqual(treeOf(source))
  })

  itWith('bsdtar', 'stands beside ISO 9660 as earlier ones do', () => {
    const { source, image } = made(['--udf', '2.50'])
    expect(unpacked(image)).toEqual(treeOf(source))
    const out = temporaryFolder()
    run('bsdtar', ['-xf', image, '-C', out])
    expect(treeOf(out)).toEqual(treeOf(source))
  })

  it('keeps its revision when it is edited, and when a session is added', () => {
    const { source, image } = made(['--udf', '2.50'])
    const added = `${path.join(source, 'BDMV/Grüße 3.txt')}=new.txt`
    for (const how of [[], ['--append']]) {
      const copy = path.join(temporaryFolder(), 'copy.iso')
      expect(isolde(['edit', image, '--to', copy, '--add', added, ...how]).status).toBe(0)
      expect(JSON.stringify(isolde(['info', copy, '--json']).rows)).toContain('UDF 2.50')
      const { 'new.txt': own, ...others } = unpacked(copy)
      expect(own).toBeDefined()
      expect(others).toEqual(treeOf(source))
    }
  })
})
