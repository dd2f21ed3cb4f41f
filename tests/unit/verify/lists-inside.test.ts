import { createHash } from 'node:crypto'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../../src-shared/model'
import { damageIn, mapOf } from '../../../src-main/verify/verified-map'
import { verifyImage } from '../../../src-main/verify/verify'
import { buildIso, concat, nm, px, SECTOR, SP, type BuildNode, type BuiltImage } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'

const FREE = { checkpoint: () => undefined, progress: () => undefined }
const sumOf = (algorithm: string, data: Uint8Array | string): string => createHash(algorithm).update(data).digest('hex')
const lengthOf = (data: Uint8Array | string): number => Buffer.from(data).byteLength

type Tree = { [name: string]: Tree | string | Uint8Array }

/** What mastering programs make of a name: one dot, letters, digits and underscores. */
function identifier(name: string): string {
  const [, stem = '', extension = ''] = /^(.*?)(?:\.([^.]*))?$/.exec(name) ?? []
  const plain = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
  return `${plain(stem)}.${plain(extension)}`
}

/** Nodes with their names in Rock Ridge, since repositories have long ones. */
function nodes(tree: Tree): BuildNode[] {
  return Object.entries(tree)
    .map(([name, value]) =>
      typeof value === 'string' || value instanceof Uint8Array
        ? { name: `${identifier(name)};1`, data: value, use: concat(px(0o100644), nm(name)) }
        : {
            name: identifier(name).replaceAll('.', '_').replace(/_$/, ''),
            children: nodes(value),
            use: concat(px(0o040755), nm(name)),
            selfUse: px(0o040755),
          },
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function imageOf(tree: Tree): Buffer {
  return Buffer.from(buildIso(nodes(tree), { rootUse: concat(SP, px(0o040755)) }).bytes)
}

async function checked(bytes: Uint8Array, isDeep = false): Promise<{ checks: Check[]; verdict: string }> {
  const image = await openBytes(bytes)
  return verifyImage(image, image.info.defaultViewId, FREE, undefined, { isDeep })
}

function flipped(bytes: Buffer, text: string): Buffer {
  const at = bytes.indexOf(text)
  expect(at).toBeGreaterThan(0)
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

const wrong = (checks: readonly Check[]): (string | undefined)[] =>
  checks.filter(({ verdict }) => verdict !== 'passed').map(({ path }) => path)
const of = (checks: readonly Check[], kind: string): Check['verdict'][] =>
  checks.filter((check) => check.kind === kind).map(({ verdict }) => verdict)

describe('a repository of Debian', () => {
  const one = 'the first package, as it was built'
  const two = 'the second package'
  const packages = [
    ['pool/o/one.deb', one],
    ['pool/t/two.deb', two],
    ['pool/x/on-another-disc.deb', 'x'],
  ]
    .map(
      ([name = '', data = '']) =>
        `Package: p\nFilename: ${name}\nSize: ${data.length}\nMD5sum: ${'0'.repeat(32)}\nSHA256: ${sumOf('sha256', data)}\nDescription: d\n`,
    )
    .join('\n')
  const gz = zlib.gzipSync(packages)
  const index = (name: string, data: Uint8Array | string, algorithm: string): string =>
    ` ${sumOf(algorithm, data)} ${String(lengthOf(data)).padStart(8)} ${name}`
  const release = [
    'Suite: stable',
    'MD5Sum:',
    ` ${'0'.repeat(32)} 1 main/binary-amd64/Packages.gz`,
    'SHA256:',
    index('main/binary-amd64/Packages', packages, 'sha256'),
    index('main/binary-amd64/Packages.gz', gz, 'sha256'),
    '',
  ].join('\n')
  const bytes = imageOf({
    dists: { stable: { Release: release, main: { 'binary-amd64': { 'Packages.gz': gz } } } },
    pool: { o: { 'one.deb': one }, t: { 'two.deb': two } },
  })

  it('proves its lists, and the packages that are on this disc', async () => {
    const { checks, verdict } = await checked(bytes)
    expect(verdict).toBe('passed')
    expect(checks.filter(({ kind }) => kind === 'repository').map(({ detail }) => detail)).toEqual([
      '1 file gives the sums in “dists/stable/Release”.',
      '2 files give the sums in “dists/stable/main/binary-amd64/Packages.gz”.',
    ])
  })

  it('names the package that is damaged', async () => {
    const { checks, verdict } = await checked(flipped(bytes, two))
    expect([verdict, wrong(checks)]).toEqual(['failed', ['pool/t/two.deb']])
  })

  it('tells that its list is damaged', async () => {
    const broken = Buffer.from(bytes)
    const at = broken.indexOf(gz) + gz.byteLength - 5
    broken[at] = (broken[at] ?? 0) ^ 1
    const { checks } = await checked(broken)
    expect(wrong(checks)).toContain('dists/stable/main/binary-amd64/Packages.gz')
  })
})

describe('a repository of RPM packages', () => {
  const one = 'an rpm & its content'
  const primary = zlib.gzipSync(
    `<metadata packages="2"><package type="rpm"><name>one</name><checksum type="sha256" pkgid="YES">${sumOf('sha256', one)}</checksum>` +
      `<location href="Packages/one &amp; more.rpm"/></package><package type="rpm"><checksum type="sha256">${sumOf('sha256', 'x')}</checksum>` +
      '<location href="Packages/elsewhere.rpm"/></package></metadata>',
  )
  const repomd = `<repomd><data type="primary"><checksum type="sha256">${sumOf('sha256', primary)}</checksum><open-checksum type="sha256">${'0'.repeat(64)}</open-checksum><location href="repodata/p-primary.xml.gz"/></data></repomd>`
  const bytes = imageOf({
    BaseOS: { Packages: { 'one & more.rpm': one }, repodata: { 'repomd.xml': repomd, 'p-primary.xml.gz': primary } },
  })

  it('proves its lists and packages, wherever it lies', async () => {
    const { checks, verdict } = await checked(bytes)
    expect([verdict, of(checks, 'repository')]).toEqual(['passed', ['passed', 'passed']])
  })

  it('names the package that is damaged', async () => {
    const { checks } = await checked(flipped(bytes, one))
    expect(wrong(checks)).toEqual(['BaseOS/Packages/one & more.rpm'])
  })
})

describe('the sums of SUSE’s tagmedia', () => {
  const APPLICATION_USE = 16 * SECTOR + 883

  /** As checkmedia's documents say: boot sector and padding as zeros, the field as spaces, the signature's block blank. */
  function tagged({ bytes }: BuiltImage, blank = true): Buffer {
    const image = Buffer.concat([bytes, Buffer.alloc(SECTOR * 4, 7)])
    const blocks = image.byteLength / SECTOR
    image.writeUInt32LE(blocks, 16 * SECTOR + 80)
    image.writeUInt32BE(blocks, 16 * SECTOR + 84)
    image.fill('boot code', 0, 512)
    const signature = image.byteLength - 4 * SECTOR
    image.fill(0, signature, signature + SECTOR)
    image.write('7984fc91-a43f-4e45-bf27-6d3aa08b24cf\n', signature, 'latin1')
    const summed = Buffer.from(image)
    summed.fill(0, 0, 512)
    summed.fill(0x20, APPLICATION_USE, APPLICATION_USE + 512)
    summed.fill(0, summed.byteLength - 2 * SECTOR)
    const part = summed.subarray(18 * SECTOR, 20 * SECTOR)
    const tags = `check=1;pad=2;sha256sum=${sumOf('sha256', summed)};partition=72,8,${sumOf('sha256', part)};signature=${signature / 512}`
    image.fill(0x20, APPLICATION_USE, APPLICATION_USE + 512)
    image.write(tags, APPLICATION_USE, 'latin1')
    if (blank) image.write('-----BEGIN PGP SIGNATURE-----', signature + 64, 'latin1')
    return image
  }

  const image = tagged(buildIso([{ name: 'A.TXT;1', data: 'content of a file' }]))

  it('are right, whatever lies in the boot sector, the padding and the signature', async () => {
    const other = Buffer.from(image)
    other.fill(9, 0, 446)
    other.fill(9, other.byteLength - 2 * SECTOR)
    for (const bytes of [image, other]) {
      const { checks, verdict } = await checked(bytes)
      expect([verdict, of(checks, 'media-sum')]).toEqual(['passed', ['passed', 'passed']])
    }
  })

  it('tell of a changed byte', async () => {
    const { checks } = await checked(flipped(image, 'content of a file'))
    expect(of(checks, 'media-sum')).toContain('failed')
  })

  it('cannot be checked where the image is cut short', async () => {
    const { checks, verdict } = await checked(image.subarray(0, image.byteLength - 3 * SECTOR))
    expect([verdict, of(checks, 'media-sum')]).toEqual(['failed', ['unreadable', 'passed']])
  })
})

describe('verify --deep', () => {
  const png = (data: string): Buffer => {
    const chunk = (type: string, body: Buffer): Buffer => {
      const head = Buffer.alloc(4)
      head.writeUInt32BE(body.byteLength)
      const inner = Buffer.concat([Buffer.from(type, 'latin1'), body])
      const crc = Buffer.alloc(4)
      crc.writeUInt32BE(zlib.crc32(inner))
      return Buffer.concat([head, inner, crc])
    }
    const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
    return Buffer.concat([signature, chunk('tEXt', Buffer.from(data)), chunk('IEND', Buffer.alloc(0))])
  }
  const zip = (data: Buffer, method: 0 | 8): Buffer => {
    const packed = method === 8 ? zlib.deflateRawSync(data) : data
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(method, 4)
    fields.writeUInt32LE(zlib.crc32(data), 10)
    fields.writeUInt32LE(packed.byteLength, 14)
    fields.writeUInt32LE(data.byteLength, 18)
    fields.writeUInt16LE(5, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from('a.txt')])
    const central = Buffer.concat([
      Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
      fields,
      Buffer.alloc(14),
      Buffer.from('a.txt'),
    ])
    const end = Buffer.alloc(22)
    end.write('PK\x05\x06', 0, 'latin1')
    end.writeUInt16LE(1, 8)
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(central.byteLength, 12)
    end.writeUInt32LE(local.byteLength + packed.byteLength, 16)
    return Buffer.concat([local, packed, central, end])
  }
  const files: Record<string, Buffer> = {
    'stored.zip': zip(Buffer.from('stored in a zip as it is'), 0),
    'packed.jar': zip(Buffer.from('packed '.repeat(1000)), 8),
    'log.gz': zlib.gzipSync('a log of '.repeat(500)),
    'picture.png': png('a text in a picture'),
    'none.txt': Buffer.from('no sums in here'),
  }

  it('passes what gives its own CRCs, and looks there only when it is asked', async () => {
    const bytes = imageOf(files)
    expect(of((await checked(bytes)).checks, 'deep')).toEqual([])
    const { checks, verdict } = await checked(bytes, true)
    expect([verdict, of(checks, 'deep')]).toEqual(['passed', ['passed']])
    expect(checks.find(({ kind }) => kind === 'deep')?.detail).toContain('4 files give')
  })

  it('does not count what it cannot look into', async () => {
    const locked = Buffer.from(files['stored.zip'] ?? [])
    const central = locked.indexOf('PK\x01\x02', 0, 'latin1')
    // Encrypted, by the first bit of its flags.
    locked[6] = 1
    locked[central + 8] = 1
    const { checks, verdict } = await checked(imageOf({ 'locked.zip': locked }), true)
    expect([verdict, of(checks, 'deep')]).toEqual(['nothing-to-check', []])
    const both = await checked(imageOf({ 'locked.zip': locked, 'log.gz': files['log.gz'] ?? '' }), true)
    expect(both.checks.find(({ kind }) => kind === 'deep')?.detail).toMatch(/^1 file gives .* Of 1 more/)
  })

  it.each([
    ['stored.zip', 40],
    ['packed.jar', 50],
    ['log.gz', 20],
    ['picture.png', 20],
  ])('names what does not: %s', async (name, at) => {
    const broken = Buffer.from(files[name] ?? [])
    broken[at] = (broken[at] ?? 0) ^ 0x10
    const { checks } = await checked(imageOf({ ...files, [name]: broken }), true)
    expect(wrong(checks)).toEqual([name])
  })

  it.each(['stored.zip', 'packed.jar', 'log.gz', 'picture.png'])('names what is cut short: %s', async (name) => {
    const whole = files[name] ?? Buffer.alloc(0)
    for (const length of [17, Math.floor(whole.byteLength / 2), whole.byteLength - 1]) {
      const { checks } = await checked(imageOf({ ...files, [name]: whole.subarray(0, length) }), true)
      expect([length, wrong(checks)]).toEqual([length, [name]])
    }
  })
})

describe('the map of a verified image', () => {
  const big = Buffer.alloc(5 * SECTOR, 'one')
  const small = Buffer.alloc(2 * SECTOR, 'two')
  const list = `${sumOf('md5', big)}  big.bin\n${sumOf('md5', small)}  small.bin\n`
  const bytes = imageOf({ 'big.bin': big, 'small.bin': small, 'md5sum.txt': list, 'other.bin': 'x' })

  it('is proven where sums fit, and suspect where they do not, with whose bytes they are', async () => {
    const at = bytes.indexOf(small)
    const broken = Buffer.from(bytes)
    broken[at + 10] = (broken[at + 10] ?? 0) ^ 1
    const image = await openBytes(broken)
    const verified = await verifyImage(image, image.info.defaultViewId, FREE)
    const map = mapOf(verified, image)
    expect(map.worst(bytes.indexOf(big), big.byteLength)).toBe('proven')
    const table = await image.view(image.info.defaultViewId).readTree()
    expect(damageIn(map, table)).toEqual([
      { byteOffset: at, byteLength: small.byteLength, state: 'suspect', by: 'sum-file', paths: ['small.bin'] },
    ])
  })

  it('is missing where the image is cut', async () => {
    const cut = bytes.subarray(0, bytes.byteLength - SECTOR)
    const image = await openBytes(cut)
    const map = mapOf(await verifyImage(image, image.info.defaultViewId, FREE), image)
    expect(map.worst(cut.byteLength, SECTOR)).toBe('missing')
  })
})
