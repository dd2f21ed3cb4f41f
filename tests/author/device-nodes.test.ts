import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { itWith, run } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'

const NODES = [
  { name: 'nvme9n1p300', type: 'b', major: 259, minor: 300 },
  { name: 'sda', type: 'b', major: 8, minor: 0 },
  { name: 'tty1', type: 'c', major: 4, minor: 1 },
] as const
const EXPECTED = NODES.map(({ name, type, major, minor }) => `${type} ${major},${minor} dev/${name}`)

/** Kind, number and path of each device node, as bsdtar reads them. */
function listedIn(image: string): string[] {
  return run('bsdtar', ['-tvf', image])
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([mode = '']) => /^[bc]/.test(mode))
    .map((fields) => `${fields[0]?.[0]} ${fields[4]} ${fields.at(-1)?.replace(/^\.\//, '')}`)
    .sort()
}

/** Nodes in a folder, which only root makes, and not on every machine. */
function nodesIn(folder: string): string {
  const source = path.join(folder, 'nodes')
  fs.mkdirSync(path.join(source, 'dev'), { recursive: true })
  for (const { name, type, major, minor } of NODES)
    run('mknod', [path.join(source, 'dev', name), type, `${major}`, `${minor}`])
  return source
}

function canMakeNodes(): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-nodes-'))
  try {
    nodesIn(folder)
    return true
  } catch {
    return false
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

/** Packs the nodes into a file; the first four need nobody's rights. */
const WRITERS: [program: string, file: string, (file: string, folder: string) => unknown][] = [
  ['bsdtar', 'nodes.cpio', (file, folder) => fromTable(file, folder, 'newc')],
  ['bsdtar', 'nodes.iso', (file, folder) => fromTable(file, folder, 'iso9660')],
  [
    'mksquashfs',
    'nodes.squashfs',
    (file, folder) => {
      const pseudo = NODES.flatMap(({ name, type, major, minor }) => [
        '-p',
        `dev/${name} ${type} 660 0 0 ${major} ${minor}`,
      ])
      fs.mkdirSync(path.join(folder, 'none'))
      run('mksquashfs', [path.join(folder, 'none'), file, '-quiet', '-noappend', '-p', 'dev d 755 0 0', ...pseudo])
    },
  ],
  [
    'debugfs',
    'nodes.ext4',
    (file) => {
      fs.writeFileSync(file, '')
      fs.truncateSync(file, 4 << 20)
      run('mkfs.ext4', ['-q', file])
      const commands = NODES.map(({ name, type, major, minor }) => `mknod ${name} ${type} ${major} ${minor}`)
      fs.writeFileSync(`${file}.txt`, ['mkdir dev', 'cd dev', ...commands].join('\n'))
      run('debugfs', ['-w', '-f', `${file}.txt`, file])
    },
  ],
]

if (canMakeNodes())
  WRITERS.push(
    ['mkfs.erofs', 'nodes.erofs', (file, folder) => run('mkfs.erofs', [file, nodesIn(folder)])],
    [
      'wimlib-imagex',
      'nodes.wim',
      (file, folder) => run('wimlib-imagex', ['capture', nodesIn(folder), file, '--unix-data']),
    ],
  )

function fromTable(file: string, folder: string, format: string): void {
  const lines = NODES.map(
    ({ name, type, major, minor }) =>
      `./dev/${name} type=${type === 'b' ? 'block' : 'char'} device=native,${major},${minor} mode=0660`,
  )
  fs.writeFileSync(path.join(folder, 'nodes.mtree'), ['#mtree', './dev type=dir mode=0755', ...lines, ''].join('\n'))
  run('bsdtar', ['--format', format, '-cf', file, '-C', folder, '@nodes.mtree'])
}

for (const [program, file, write] of WRITERS)
  itWith(program, `device nodes keep their kind and number on the way from ${file} into an image`, () => {
    const folder = temporaryFolder()
    const [source, image] = [path.join(folder, file), path.join(folder, 'out.iso')]
    write(source, folder)
    const asked = file.endsWith('.iso')
      ? ['edit', source, '--to', image, '--label', 'NODES']
      : ['convert', source, image]
    const { status, stderr } = isolde(file.endsWith('.iso') ? asked : [...asked, '--as', 'iso'])
    expect(status, stderr).toBe(0)
    expect(stderr).not.toContain('device numbers')
    expect(listedIn(image)).toEqual(EXPECTED)
    if (file.endsWith('.iso')) return
    // The tree of UDF has them as well: it makes the same of another image.
    const again = path.join(folder, 'again.iso')
    expect(isolde(['convert', image, again, '--as', 'iso', '--view', 'udf']).status).toBe(0)
    expect(listedIn(again)).toEqual(EXPECTED)
  })
