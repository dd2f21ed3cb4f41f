import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { itWith, run } from '../unit/desktop/programs'
import { temporaryFolder, treeOf } from '../unit/support'

function packed(): { folder: string; source: string; image: string } {
  const folder = temporaryFolder()
  const source = path.join(folder, 'source')
  fs.mkdirSync(path.join(source, 'sub'), { recursive: true })
  const text = Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join('')
  // Of several blocks, with one of zeros in the middle and an end that is cut.
  fs.writeFileSync(path.join(source, 'sub/a.txt'), text)
  fs.writeFileSync(
    path.join(source, 'holes.txt'),
    Buffer.concat([Buffer.from(text), Buffer.alloc(200_000), Buffer.from('end')]),
  )
  fs.linkSync(path.join(source, 'sub/a.txt'), path.join(source, 'same.txt'))
  fs.writeFileSync(path.join(source, 'short.txt'), 'short')
  fs.writeFileSync(path.join(source, 'kept.log'), text)
  const image = path.join(folder, 'packed.iso')
  const ran = isolde(['create', image, source, '--preset', 'linux', '--zisofs', '*.txt'])
  expect(ran).toMatchObject({ status: 0, stderr: '' })
  return { folder, source, image }
}

describe('files that are packed by zisofs', () => {
  it('are what they were to this reader, and take less room', () => {
    const { source, image } = packed()
    const out = temporaryFolder()
    expect(isolde(['extract', image, '--to', out]).status).toBe(0)
    expect(treeOf(out)).toEqual(treeOf(source))
    const { rows } = isolde(['list', image, '--view', 'iso9660', '--json'])
    const sizeOf = (name: string): unknown => rows.find((row) => row.path === name)?.size
    expect(sizeOf('KEPT.LOG')).toBe(fs.statSync(path.join(source, 'kept.log')).size)
    expect(sizeOf('HOLES.TXT')).toBeLessThan(fs.statSync(path.join(source, 'holes.txt')).size / 4)
    expect(sizeOf('SHORT.TXT')).toBe(5)
  })

  itWith('bsdtar', 'are unpacked by another reader', () => {
    const { source, image } = packed()
    const out = temporaryFolder()
    run('bsdtar', ['-xf', image, '-C', out])
    expect(treeOf(out)).toEqual(treeOf(source))
  })

  itWith('mkzftree', 'are what the program that the format comes from unpacks', () => {
    const { folder, source, image } = packed()
    const [raw, out] = [path.join(folder, 'raw'), path.join(folder, 'out')]
    expect(isolde(['extract', image, '--view', 'iso9660', '--to', raw]).status).toBe(0)
    run('mkzftree', ['-u', raw, out])
    for (const [recorded, name] of [
      ['HOLES.TXT', 'holes.txt'],
      ['SUB/A.TXT', 'sub/a.txt'],
    ] as const)
      expect(fs.readFileSync(path.join(out, recorded)).equals(fs.readFileSync(path.join(source, name)))).toBe(true)
  })

  itWith('xorriso', 'are known as such by a third one, and unpacked', () => {
    const { source, image } = packed()
    const streams = run('sh', ['-c', `xorriso -indev '${image}' -find / -exec show_stream -- 2>/dev/null`])
    expect(streams).toContain("'/holes.txt' < --zisofs-decode:pz:32k < image")
    expect(streams).toContain("'/kept.log' < image")
    const out = path.join(temporaryFolder(), 'out')
    run('xorriso', ['-osirrox', 'on', '-indev', image, '-extract', '/', out])
    expect(treeOf(out)).toEqual(treeOf(source))
  })

  it.each([
    [[], 'Joliet and UDF would show'],
    [['--preset', 'linux', '--no-rock-ridge'], 'Rock Ridge'],
    [['--preset', 'linux', '--sha256sums'], 'Sums of files'],
  ])('are refused in a sentence with %j', (options, sentence) => {
    const folder = temporaryFolder()
    fs.writeFileSync(path.join(folder, 'a.txt'), 'a')
    const ran = isolde(['create', path.join(folder, 'x.iso'), path.join(folder, 'a.txt'), '--zisofs', '*', ...options])
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(sentence) as string })
    expect(fs.readdirSync(folder)).toEqual(['a.txt'])
  })

  it('are none that firmware reads, nor what a boot image is made of', () => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'source')
    const files = {
      'isolinux/isolinux.bin': Buffer.alloc(40_000, 'loader'),
      'isolinux/readme.txt': Buffer.alloc(40_000, 'read me'),
      'boot/grub/efi.img': Buffer.alloc(100_000, 'firmware'),
      'other/EFI/BOOT/BOOTX64.EFI': Buffer.alloc(70_000, 'starts'),
    }
    for (const [name, bytes] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(source, name)), { recursive: true })
      fs.writeFileSync(path.join(source, name), bytes)
    }
    const make = (from: string): { image: string; sizeOf: (name: string) => unknown } => {
      const image = path.join(temporaryFolder(), 'packed.iso')
      expect(isolde(['create', image, from, '--preset', 'linux', '--zisofs', '*'])).toMatchObject({
        status: 0,
        stderr: '',
      })
      const { rows } = isolde(['list', image, '--view', 'iso9660', '--json'])
      return { image, sizeOf: (name) => rows.find((row) => row.path === name)?.size }
    }
    const { sizeOf } = make(source)
    expect(sizeOf('ISOLINUX/ISOLINUX.BIN')).toBe(40_000)
    expect(sizeOf('BOOT/GRUB/EFI.IMG')).toBe(100_000)
    expect(sizeOf('ISOLINUX/README.TXT')).toBeLessThan(4000)
    const made = make(path.join(source, 'other'))
    expect(made.sizeOf('EFI/BOOT/BOOTX64.EFI')).toBe(70_000)
    expect(fs.readFileSync(made.image).includes(Buffer.alloc(60_000, 'starts'))).toBe(true)
  })
})
