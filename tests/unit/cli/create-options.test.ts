import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

function folderOf(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text)
  }
  return folder
}

describe('create', () => {
  it('refuses tables in a loader where there is none', () => {
    const folder = folderOf({ 'one.txt': 'one', 'isolinux/isolinux.bin': 'loader'.repeat(100) })
    const image = path.join(folder, 'x.iso')
    for (const option of ['--boot-info-table', '--grub2-boot-info']) {
      const { status, stderr } = isolde(['create', image, path.join(folder, 'one.txt'), option])
      expect([status, stderr]).toEqual([2, expect.stringContaining(`${option} has no meaning without`) as string])
    }
    expect(fs.existsSync(image)).toBe(false)
    expect(isolde(['create', image, folder, '--boot-info-table']).status).toBe(0)
  })

  it('refuses patterns that are none, and texts that are too long', () => {
    const folder = folderOf({ 'one.txt': 'one' })
    const image = path.join(folder, 'x.iso')
    for (const [option, value, message] of [
      ['exclude', '', 'takes a pattern'],
      ['exclude', '/', 'takes a pattern'],
      ['zisofs', '', 'takes a pattern'],
      ['publisher', 'P'.repeat(129), 'takes 128 characters at most'],
      ['preparer', 'P'.repeat(129), 'takes 128 characters at most'],
      ['application', 'P'.repeat(129), 'takes 128 characters at most'],
      ['volume-set-id', 'P'.repeat(129), 'takes 128 characters at most'],
      ['system-id', 'P'.repeat(33), 'takes 32 characters at most'],
    ] as const) {
      const { status, stderr } = isolde(['create', image, folder, `--${option}=${value}`])
      expect([status, stderr]).toEqual([2, expect.stringContaining(`--${option} ${message}`) as string])
    }
    expect(fs.existsSync(image)).toBe(false)
  })

  it('leaves out folders by a slash at the end, what is in the root by one in front, and names what is of no use', () => {
    const files = { 'a/.git/one': '1', 'b/two': '2', 'a/b/three': '3', 'c/.git': 'a file', 'd/e/four': '4' }
    const folder = folderOf(files)
    const listed = (...excludes: string[]): { said: string; names: string[] } => {
      const image = path.join(temporaryFolder(), 'x.iso')
      const options = excludes.flatMap((exclude) => ['--exclude', exclude])
      const { status, stderr } = isolde(['create', image, folder, ...options])
      expect(status).toBe(0)
      return { said: stderr, names: isolde(['list', image]).stdout.trim().split('\n').toSorted() }
    }
    expect(listed('.git/', '/b', 'd/e/')).toEqual({
      said: '',
      names: ['a/', 'a/b/', 'a/b/three', 'c/', 'c/.git', 'd/'],
    })
    expect(listed('/a/b/', '*.tmp', 'three/').said).toBe(
      'isolde: --exclude “*.tmp” matches nothing.\nisolde: --exclude “three/” matches nothing.\n',
    )
  })

  it('writes the texts of a volume as they are given, and says which it cannot', () => {
    const folder = folderOf({ 'one.txt': 'one' })
    const create = (name: string, ...options: string[]): ReturnType<typeof isolde> & { primary: Buffer } => {
      const image = path.join(folder, name)
      const said = isolde(['create', image, path.join(folder, 'one.txt'), ...options])
      expect(said.status).toBe(0)
      return { ...said, primary: fs.readFileSync(image).subarray(16 * 2048, 17 * 2048) }
    }
    for (const [index, label] of [
      'Fedora-WS-Live-40-1-14',
      'Ubuntu 24.04 LTS amd64',
      'CCCOMA_X64FRE_DE-DE_DV9',
    ].entries())
      for (const preset of ['linux', 'compatible'])
        expect([
          create(`${preset}${index}.iso`, '--label', label, '--preset', preset).primary.toString('latin1', 40, 72),
        ]).toEqual([label.padEnd(32)])
    const texts = { publisher: 318, preparer: 446, application: 574, 'volume-set-id': 190 }
    const long = 'Somebody & Sons, 1.0 (at home)'.padEnd(128, '~')
    const options = Object.keys(texts).flatMap((option) => [`--${option}`, long])
    const full = create('texts.iso', ...options, '--system-id', 'Linux', '--no-joliet')
    expect([full.stderr, full.primary.toString('latin1', 8, 40)]).toEqual(['', 'Linux'.padEnd(32)])
    for (const at of Object.values(texts)) expect(full.primary.toString('latin1', at, at + 128)).toBe(long)

    const beyond = create('beyond.iso', '--label', 'Größe und Länge', '--publisher', 'é'.repeat(70), '--level', '4')
    expect(beyond.primary.toString('latin1', 40, 72)).toBe('Gr__e und L_nge'.padEnd(32))
    expect(beyond.stderr).toContain(
      'The label is “Gr__e und L_nge” in the iso9660 tree: it holds characters of ASCII alone.',
    )
    expect(beyond.stdout).toContain('in the joliet tree: it has room for 64 characters.')
    const { rows } = create('json.iso', '--label', 'Größe und Länge, zwei', '--json')
    expect(rows).toContainEqual(
      expect.objectContaining({ field: 'label', tree: 'iso9660', text: 'Gr__e und L_nge, zwei', reason: 'characters' }),
    )
    expect(rows).toContainEqual(
      expect.objectContaining({ field: 'label', tree: 'joliet', text: 'Größe und Länge,', reason: 'length' }),
    )
    expect(rows.at(-1)).toMatchObject({ summary: true, problems: 0 })
    expect(isolde(['info', path.join(folder, 'json.iso'), '--json']).stdout).toContain('Größe und Länge, zwei')
  })
})
