import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildIso, nm, px, SP } from '../../images/iso-builder'
import { isolde } from '../cli/command-line'
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
})
