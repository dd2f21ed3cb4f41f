import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildIso, nm, px, SP } from '../../images/iso-builder'
import { isolde } from '../cli/command-line'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

/** Everything read-only, as most discs are recorded; one file that may be run. */
function readOnlyImage(folder: string): string {
  const image = path.join(folder, 'disc.iso')
  const use = (mode: number, name: string): Uint8Array => Uint8Array.from([...px(mode), ...nm(name)])
  const { bytes } = buildIso(
    [
      {
        name: 'DIR',
        use: use(0o40555, 'dir'),
        selfUse: px(0o40555),
        children: [
          { name: 'FILE.;1', data: 'content', use: use(0o100444, 'file') },
          { name: 'RUN.;1', data: 'content', use: use(0o100555, 'run') },
        ],
      },
    ],
    { rootUse: Uint8Array.from([...SP, ...px(0o40555)]) },
  )
  fs.writeFileSync(image, bytes)
  return image
}

/** Of the owner: what others may is up to the process. */
const modeOf = (file: string): number => fs.statSync(file).mode & 0o700

describe('what is extracted from a disc that is recorded read-only', () => {
  it('can be changed and removed by its owner', () => {
    const folder = temporaryFolder()
    const to = path.join(folder, 'out')
    expect(isolde(['extract', readOnlyImage(folder), '--to', to, '-q']).status).toBe(0)
    expect(modeOf(path.join(to, 'dir'))).toBe(0o700)
    expect(modeOf(path.join(to, 'dir/file'))).toBe(0o600)
    expect(modeOf(path.join(to, 'dir/run'))).toBe(0o700)
  })

  it('keeps its modes where they are asked for', () => {
    const folder = temporaryFolder()
    const to = path.join(folder, 'out')
    expect(isolde(['extract', readOnlyImage(folder), '--to', to, '--modes', '-q']).status).toBe(0)
    expect(modeOf(path.join(to, 'dir'))).toBe(0o500)
    expect(modeOf(path.join(to, 'dir/file'))).toBe(0o400)
    expect(modeOf(path.join(to, 'dir/run'))).toBe(0o500)
    fs.chmodSync(path.join(to, 'dir'), 0o755)
  })

  // Small ones, one that several threads write, and one that two names share.
  itWith('mksquashfs', 'gets exactly what is recorded, whatever the umask, and set-ID bits only with the owner', () => {
    const folder = temporaryFolder()
    const [tree, image] = [path.join(folder, 'tree'), path.join(folder, 'image')]
    const modes = { open: 0o666, run: 0o777, 'read only': 0o444, 'set ID': 0o4755, large: 0o464 }
    fs.mkdirSync(path.join(tree, 'shared'), { recursive: true })
    fs.chmodSync(path.join(tree, 'shared'), 0o1777)
    for (const [name, mode] of Object.entries(modes)) {
      fs.writeFileSync(path.join(tree, name), name === 'large' ? Buffer.alloc(3 << 20, 'a large one. ') : name)
      fs.chmodSync(path.join(tree, name), mode)
    }
    fs.linkSync(path.join(tree, 'open'), path.join(tree, 'also open'))
    run('mksquashfs', [tree, image, '-quiet', '-no-progress'])
    const exact = (name: string): number => fs.statSync(path.join(folder, 'out', name)).mode & 0o7777
    expect(isolde(['extract', image, '--to', path.join(folder, 'out'), '--modes', '-q']).status).toBe(0)
    for (const [name, mode] of Object.entries(modes)) expect(exact(name), name).toBe(mode & 0o1777)
    expect(exact('also open')).toBe(0o666)
    expect(exact('shared')).toBe(0o1777)
  })
})
