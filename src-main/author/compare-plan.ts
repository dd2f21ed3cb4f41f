import { createHash } from 'node:crypto'
import { openImage, type ByteSource, type DiscImage } from '../image'
import type { Control } from '../task'
import { AuthorError } from './author-error'
import { walk, type AuthorContent, type AuthorNode } from './author-tree'
import type { IsoDirectory } from './iso9660/directory-tree'
import { BLOCK } from './layout'
import type { Plan, PlannedView } from './plan'
import { IMPLANTED_LENGTH, IMPLANTED_OFFSET } from './sums/implanted-md5'

const CHUNK_BYTES = 4 << 20
/** What ECMA-119 7.5 forbids, and ISO 9660:1999 allows: names in any letters, with neither separator nor version. */
const PLAIN_NAME_FAULTS: readonly string[] = ['NAME_NOT_IN_CAPITALS', 'NAME_WITHOUT_SEPARATORS']

/**
 * Reads a written image back from where it lies: its bytes by their sum, and every tree by path, kind, size, target and
 * place.
 * @param written SHA-256 of the bytes as they were written, before a sum was implanted
 * @returns SHA-256 of the file
 * @throws {AuthorError} `VERIFY_FAILED`, with what differs first
 */
export async function comparePlan(plan: Plan, source: ByteSource, written: string, control: Control): Promise<string> {
  const hash = createHash('sha256')
  const before = plan.implantsMd5 ? createHash('sha256') : null
  for (let offset = 0; offset < source.byteLength;) {
    const wait = control.checkpoint()
    if (wait) await wait
    const bytes = await source.read(offset, CHUNK_BYTES)
    if (bytes.byteLength === 0) break
    hash.update(bytes)
    before?.update(withoutImplanted(bytes, offset))
    offset += bytes.byteLength
    control.progress({ bytesDone: offset })
  }
  const sha256 = hash.digest('hex')
  if (source.byteLength !== plan.layout.byteLength || (before?.digest('hex') ?? sha256) !== written)
    throw failed('the disk gives other bytes than were written to it')
  const image = await openImage(source, { name: 'written.iso' })
  try {
    const found = image.info.views.map(({ id }) => id)
    for (const view of plan.views) {
      if (!found.includes(view)) throw failed(`the ${view} tree is missing`)
      await compareView(plan, image, view)
    }
    if (image.info.boot.length !== plan.boots.length) throw failed('the boot entries are others')
    for (const [index, boot] of plan.boots.entries()) {
      if (image.info.boot[index]?.byteOffset !== boot.block * BLOCK)
        throw failed(`the boot image “${boot.path}” is not found`)
    }
  } finally {
    await image.close()
  }
  return sha256
}

/** The bytes as they were before a sum was implanted: spaces. */
function withoutImplanted(bytes: Uint8Array, position: number): Uint8Array {
  const start = IMPLANTED_OFFSET - position
  const end = start + IMPLANTED_LENGTH
  if (end <= 0 || start >= bytes.byteLength) return bytes
  return Uint8Array.from(bytes).fill(0x20, Math.max(start, 0), end)
}

async function compareView(plan: Plan, image: DiscImage, view: PlannedView): Promise<void> {
  const table = await image.view(view).readTree()
  // Names are compared by their bytes below; those that are no text look odd beside the others, and are as planned.
  const hasForeignNames = Array.from(walk(plan.root)).some(({ node }) => node.nameBytes !== null)
  const allowed = [...(hasForeignNames ? ['NAME_NOT_UTF8'] : []), ...(view === 'enhanced' ? PLAIN_NAME_FAULTS : [])]
  const damage = table.damage.find(({ code }) => !allowed.includes(code))
  if (damage !== undefined) throw failed(`the ${view} tree has a fault: ${damage.message}`)
  const { entries, foreignTargets } = expectedEntries(plan, view)
  const expected = new Set(entries)
  if (table.length - 1 !== expected.size)
    throw failed(`the ${view} tree has ${table.length - 1} entries, and ${expected.size} were planned`)
  for (let index = 1; index < table.length; index++) {
    const kind = table.kindOf(index)
    const byteLength = kind === 'file' ? table.byteLengthOf(index) : 0
    const path = table.pathBytesOf(index) ?? Buffer.from(table.pathOf(index), 'utf8')
    const key = keyOf({
      path,
      kind,
      byteLength,
      target: foreignTargets.has(latin1(path)) ? '' : (table.targetOf(index) ?? ''),
      byteOffset: byteLength > 0 ? table.discPositionOf(index) : 0,
    })
    if (!expected.has(key)) throw failed(`“${table.pathOf(index)}” of the ${view} tree is not as planned`)
  }
}

interface ExpectedEntry {
  path: Uint8Array
  kind: string
  byteLength: number
  target: string
  byteOffset: number
}

interface Expected {
  /** Everything that a tree is to show, in one line each. */
  entries: string[]
  /** Paths of links whose targets are no text: readers give them in a character set that they guess. */
  foreignTargets: Set<string>
}

function expectedEntries(plan: Plan, view: PlannedView): Expected {
  const entries: string[] = []
  const foreignTargets = new Set<string>()
  const place = (content: AuthorContent | null): number =>
    content === null || content.byteLength === 0 ? 0 : (plan.places.get(content) ?? 0) * BLOCK
  type Shown = Pick<AuthorNode, 'kind' | 'content' | 'target' | 'targetBytes'>
  const add = (path: Uint8Array, { kind, content, target, targetBytes }: Shown): void => {
    if (targetBytes !== null) foreignTargets.add(latin1(path))
    const unpacked = view === 'rock-ridge' ? content?.zisofs?.byteLength : undefined
    const byteLength = unpacked ?? content?.byteLength ?? 0
    entries.push(
      keyOf({
        path,
        kind,
        byteLength,
        target: targetBytes !== null ? '' : view === 'udf' ? normalTarget(target) : target,
        byteOffset: place(content),
      }),
    )
  }
  const below = (path: Uint8Array, name: Uint8Array): Uint8Array =>
    path.byteLength === 0 ? name : Buffer.concat([path, Buffer.from('/'), name])
  const text = (name: string): Uint8Array => Buffer.from(name, 'utf8')
  if (view === 'rock-ridge') {
    const visit = (node: AuthorNode, path: Uint8Array): void => {
      for (const child of node.children) {
        const own = below(path, child.nameBytes ?? text(child.name))
        add(own, child)
        visit(child, own)
      }
    }
    visit(plan.root, text(''))
  } else if (view === 'udf') {
    type Directory = NonNullable<Plan['udfTree']>['root']
    const visit = (directory: Directory, path: Uint8Array): void => {
      for (const { name, node, entry } of directory.children) {
        const own = below(path, text(name))
        add(own, node)
        if (entry.directory !== null) visit(entry.directory, own)
      }
    }
    if (plan.udfTree !== null) visit(plan.udfTree.root, text(''))
  } else {
    // What only Rock Ridge can tell of is an empty file without it.
    const visit = (directory: IsoDirectory, path: Uint8Array): void => {
      for (const { name, node, directory: child } of directory.records) {
        const own = below(path, text(name))
        add(own, { kind: child === null ? 'file' : 'directory', content: node.content, target: '', targetBytes: null })
        if (child !== null) visit(child, own)
      }
    }
    const planned = plan.isoTrees.find((each) => each.view === view)
    if (planned !== undefined) visit(planned.tree.root, text(''))
  }
  return { entries, foreignTargets }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** UDF records the components of a target, and not how many slashes stand between them. */
function normalTarget(target: string): string {
  const parts = target.split('/').filter((part) => part !== '')
  return (target.startsWith('/') ? '/' : '') + parts.join('/')
}

function keyOf({ path, kind, byteLength, target, byteOffset }: ExpectedEntry): string {
  return `${latin1(path)}\n${kind} ${byteLength} ${byteOffset}\n${target}`
}

function failed(what: string): AuthorError {
  return new AuthorError(
    'VERIFY_FAILED',
    `The image was written, but reading it back shows that ${what.replace(/\.$/, '')}. It was removed; write it to another disk.`,
  )
}
