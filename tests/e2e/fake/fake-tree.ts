import type { ImageInfo } from '../../../src-shared/model'
import type { ImageRow } from '../../../src-shared/contract'

/** A made-up image for the stand-in engine: a tree small enough to read here, and one directory of a million files. */
export interface FakeNode extends ImageRow {
  path: string
  parent: number | null
  children: number[] | null
  bytes: Uint8Array | null
}

export const MILLION = 1_000_000
const MANY = 'many'

export class FakeTree {
  readonly nodes: FakeNode[] = []
  manyEntry = -1

  constructor(listing: string, date = Date.UTC(2025, 8, 6, 10, 20)) {
    this.add(null, '', { kind: 'directory' }, date)
    const stack = [0]
    for (const line of listing.split('\n')) {
      if (!line.trim()) continue
      const depth = (line.length - line.trimStart().length) / 2
      const [name = '', ...words] = line.trim().split(/ {2,}/)
      stack.length = depth + 1
      const parent = stack[depth] ?? 0
      if (name.endsWith('/')) stack.push(this.add(parent, name.slice(0, -1), { kind: 'directory' }, date))
      else this.add(parent, name, fields(words), date - this.nodes.length * 86_400_000 * 3)
      if (name === `${MANY}/`) this.manyEntry = this.nodes.length - 1
    }
  }

  private add(parent: number | null, name: string, extra: Partial<FakeNode>, modified: number): number {
    const above = parent === null ? null : this.nodes[parent]
    const entry = this.nodes.length
    const isDirectory = extra.kind === 'directory'
    this.nodes.push({
      entry,
      name,
      kind: 'file',
      byteLength: 0,
      modified,
      mode: isDirectory ? 0o755 : 0o644,
      uid: 0,
      gid: 0,
      target: null,
      hidden: name.startsWith('.'),
      status: 'complete',
      childCount: isDirectory ? 0 : null,
      sha256: null,
      blake3: null,
      position: isDirectory ? null : 65_536 + entry * 2048,
      path: above?.path ? `${above.path}/${name}` : name,
      parent,
      children: isDirectory ? [] : null,
      bytes: null,
      ...extra,
    })
    if (above) {
      above.children?.push(entry)
      above.childCount = (above.childCount ?? 0) + 1
    }
    return entry
  }

  node(entry: number): FakeNode | null {
    if (this.manyEntry >= 0 && entry >= MILLION) {
      const index = entry - MILLION
      const name = `frame-${String(index).padStart(7, '0')}.raw`
      const sample = this.nodes[0]
      if (!sample || index >= MILLION) return null
      return {
        ...sample,
        entry,
        name,
        kind: 'file',
        byteLength: 1024 + (index % 977) * 13,
        path: `${MANY}/${name}`,
        parent: this.manyEntry,
        children: null,
        childCount: null,
      }
    }
    return this.nodes[entry] ?? null
  }

  find(path: string): FakeNode | null {
    const many = /^many\/frame-(\d{7})\.raw$/.exec(path)
    if (many && this.manyEntry >= 0) return this.node(MILLION + Number(many[1]))
    return this.nodes.find((node) => node.path === path) ?? null
  }
}

function fields(words: string[]): Partial<FakeNode> {
  const extra: Partial<FakeNode> = {}
  for (const word of words) {
    if (/^\d+$/.test(word)) extra.byteLength = Number(word)
    else if (word === 'partial' || word === 'lost') extra.status = word
    else if (word.startsWith('->')) Object.assign(extra, { kind: 'symlink', target: word.slice(2), mode: 0o777 })
    else if (word.startsWith('"')) {
      extra.bytes = new TextEncoder().encode(word.slice(1).replaceAll('\\n', '\n'))
      extra.byteLength = extra.bytes.byteLength
    }
  }
  return extra
}

const DEBIAN = `
.disk/
  info  "Debian GNU/Linux 12.1.0 amd64 NETINST
boot/
  grub/
    grub.cfg  2214
    efi.img  9961472
  vmlinuz-6.1.0  8146848
dists/
  bookworm/
    Release  61428
    main/
      binary-amd64/
        Packages.gz  401228
doc/
  FAQ/
  manual.pdf  1841772
firmware/
install.amd/
  initrd.gz  37124812  partial
  vmlinuz  8146848
isolinux/
  isolinux.bin  24576
  isolinux.cfg  256
  splash.png  26213
many/
pics/
pool/
  main/
    b/
      bash_5.2.15-2_amd64.deb  1490452
      busybox_1.35.0-4_amd64.deb  452204  lost
tools/
  loadlin.exe  32760
README.html  4198
README.txt  "Debian GNU/Linux 12 (bookworm)\\n\\nThis disc is one of a set. Insert it, start the computer, and follow what it says.\\n\\nDetails are in the manual: doc/manual.pdf
autorun.inf  52
debian  ->.
g2ldr  107008
md5sum.txt  24180
setup.exe  348292
win32-loader.ini  71
`

export const fakeTree = new FakeTree(DEBIAN)

export function fakeInfo(name: string): ImageInfo {
  const view = { volumeName: 'Debian 12.1.0 amd64 n', entryCount: MILLION + 42 }
  return {
    name,
    byteLength: 658_505_728,
    label: 'Debian 12.1.0 amd64 n',
    containers: ['plain'],
    systemId: '',
    publisher: 'THE DEBIAN PROJECT',
    preparer: 'XORRISO-1.5.4',
    application: '',
    volumeSetId: '',
    copyrightFile: '',
    abstractFile: '',
    bibliographicFile: '',
    dates: { created: Date.UTC(2023, 6, 22, 9, 50), modified: Date.UTC(2023, 6, 22, 9, 50) },
    views: [
      { ...view, id: 'rock-ridge', kind: 'rock-ridge', label: 'Rock Ridge', format: 'RRIP 1.10', isDefault: true },
      { ...view, id: 'joliet', kind: 'joliet', label: 'Joliet', format: 'Joliet level 3', isDefault: false },
      { ...view, id: 'iso9660', kind: 'iso9660', label: 'ISO 9660', format: 'ISO 9660 level 1', isDefault: false },
    ],
    defaultViewId: 'rock-ridge',
    completeness: { status: 'truncated', expectedByteLength: 702_545_920, missingByteLength: 44_040_192 },
    boot: [
      {
        platform: 'bios',
        emulation: 'no-emulation',
        bootable: true,
        byteOffset: 61_440,
        byteLength: 24_576,
        loadSectors: 4,
        path: 'isolinux/isolinux.bin',
      },
      {
        platform: 'efi',
        emulation: 'no-emulation',
        bootable: true,
        byteOffset: 90_112,
        byteLength: 9_961_472,
        loadSectors: 19_456,
        path: 'boot/grub/efi.img',
      },
    ],
    diagnostics: [
      {
        code: 'IMAGE_TRUNCATED',
        severity: 'damage',
        message: 'The image ends 44 MB before its volume does.',
        byteOffset: 658_505_728,
      },
    ],
  }
}
