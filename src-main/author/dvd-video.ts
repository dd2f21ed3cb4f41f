import { AuthorError } from './author-error'
import { firstBytes, makeNode, walk, type AuthorContent, type AuthorNode } from './author-tree'
import { BLOCK, blocksOf } from './layout'
import type { AuthorOptions } from './options'

/** Blocks that a DVD corrects errors in together: a copy helps only in another one (ECMA-267 20). */
const CORRECTED_TOGETHER = 16
const TITLE_SETS = 99
/** What gaps between sets may take, whatever lies there: 128 MiB in blocks. */
const ROOM_BETWEEN = 1 << 16
const HEAD_LENGTH = 0x100
/** Fields of `VMGI_MAT` and `VTSI_MAT`, in bytes; sectors count from the file’s own first one. */
const IfoAt = { lastSectorOfSet: 0x0c, lastSectorOfIfo: 0x1c, menuSector: 0xc0, titleSector: 0xc4 } as const
/** Where `VMGI_MAT` has the sector of the table of titles (`TT_SRPT`), in bytes; and what the titles in that are. */
const TITLE_TABLE_AT = 0xc4
const TitleAt = { first: 8, length: 12, setNumber: 6, setSector: 8 } as const
const MAGIC = { manager: 'DVDVIDEO-VMG', titles: 'DVDVIDEO-VTS' } as const

/** A video manager or a title set: files that lie where its IFO says. */
export interface VideoSet {
  /** In blocks from the set's first; in their order. */
  files: readonly { content: AuthorContent; block: number }[]
  blockCount: number
  ifoBlocks: number
  /** Where the copy of the IFO lies, in blocks from the set's first. */
  backupBlock: number
  /** Where the set begins, in blocks from the first set's beginning; null where no title says so. */
  fromFirst: number | null
}

/**
 * What a DVD-Video disc has to have in order, by the sector fields of its IFOs. `AUDIO_TS`, which some players look for, is
 * made where it is missing, but for a tree that only keeps its places.
 * @throws {AuthorError} `BAD_REQUEST` where files are missing, or are longer than their IFO says
 */
export async function videoSets(root: AuthorNode, options: AuthorOptions): Promise<VideoSet[]> {
  if (options.dedupe)
    throw new AuthorError('BAD_REQUEST', 'A DVD-Video disc needs its copies of files: leave out --dedupe.')
  const video = folderOf(root, 'VIDEO_TS')
  if (video === null) throw new AuthorError('BAD_REQUEST', withoutFolder(root))
  if (options.dvdVideo === true) assertCapitals(video)
  if (options.dvdVideo === true && folderOf(root, 'AUDIO_TS') === null)
    root.children.push(makeNode({ name: 'AUDIO_TS', kind: 'directory', modified: video.modified }))
  const files = new Map(video.children.map((node) => [node.name, node]))
  const manager = await setOf(files, 'VIDEO_TS', MAGIC.manager, 'VIDEO_TS.VOB', [])
  const starts = await setStarts(contentOf(files, 'VIDEO_TS.IFO'))
  const sets: VideoSet[] = [{ ...manager, fromFirst: 0 }]
  for (let number = 1; number <= TITLE_SETS; number++) {
    const stem = `VTS_${String(number).padStart(2, '0')}`
    if (![...files.keys()].some((name) => name.startsWith(`${stem}_`))) continue
    const titles = Array.from({ length: 9 }, (_, index) => `${stem}_${index + 1}.VOB`).filter((name) => files.has(name))
    const set = await setOf(files, `${stem}_0`, MAGIC.titles, `${stem}_0.VOB`, titles)
    sets.push({ ...set, fromFirst: starts.get(number) ?? null })
  }
  assertNear(root, sets)
  // The order of their places, where the manager knows them all: else that of their numbers.
  if (sets.some(({ fromFirst }) => fromFirst === null)) return sets
  return sets.sort((a, b) => (a.fromFirst ?? 0) - (b.fromFirst ?? 0))
}

/** IFOs that belong to other files, or that somebody made up, are not to make an image of terabytes. */
function assertNear(root: AuthorNode, sets: readonly VideoSet[]): void {
  let needed = ROOM_BETWEEN
  for (const { node } of walk(root)) needed += blocksOf(node.content?.byteLength ?? 0)
  for (const { blockCount, fromFirst } of sets)
    if ((fromFirst ?? 0) + blockCount > 2 * needed)
      throw new AuthorError(
        'BAD_REQUEST',
        'The IFOs in VIDEO_TS name places far behind what all of these files need. They do not belong together.',
      )
}

/** Whether a tree has IFOs, whose fields say where other files lie. */
export async function hasFilms(root: AuthorNode): Promise<boolean> {
  for (const { name, content } of folderOf(root, 'VIDEO_TS')?.children ?? []) {
    if (content === null || content.byteLength < HEAD_LENGTH || !name.endsWith('.IFO')) continue
    const magic = (await firstBytes(content, HEAD_LENGTH)).toString('latin1', 0, MAGIC.manager.length)
    if (magic === MAGIC.manager || magic === MAGIC.titles) return true
  }
  return false
}

/** `TT_SRPT`: where the title sets begin that titles lie in, by their numbers, in sectors from the manager's first. */
async function setStarts(manager: AuthorContent): Promise<Map<number, number>> {
  const starts = new Map<number, number>()
  const tableAt = (await firstBytes(manager, HEAD_LENGTH)).readUInt32BE(TITLE_TABLE_AT) * BLOCK
  if (tableAt === 0 || tableAt >= manager.byteLength) return starts
  const table = await firstBytes(manager, BLOCK, tableAt)
  const count = table.byteLength < TitleAt.first ? 0 : table.readUInt16BE(0)
  for (let index = 0; index < count; index++) {
    const at = TitleAt.first + index * TitleAt.length
    if (at + TitleAt.length > table.byteLength) break
    starts.set(table.readUInt8(at + TitleAt.setNumber), table.readUInt32BE(at + TitleAt.setSector))
  }
  return starts
}

/** What is wrong with a tree that has no folder `VIDEO_TS`, and what to do about it. */
function withoutFolder(root: AuthorNode): string {
  const other = root.children.find(({ kind, name }) => kind === 'directory' && /^video_ts$/i.test(name))
  if (other !== undefined)
    return `Players look for a folder VIDEO_TS, and here it is called “${other.name}”. Rename it, and the files in it, to capitals.`
  if (root.children.some(({ name }) => /^video_ts\.ifo$/i.test(name)))
    return 'These are the files of a folder VIDEO_TS, without the folder. Name the folder that VIDEO_TS lies in.'
  return 'A DVD-Video disc has a folder VIDEO_TS with its films, and this has none. Name the folder that VIDEO_TS lies in.'
}

/** A film with a name in small letters would lie anywhere, and no player would look for it. */
function assertCapitals(video: AuthorNode): void {
  for (const { name } of video.children)
    if (name !== name.toUpperCase() && /^(?:video_ts|vts_\d\d_\d)\.(?:ifo|bup|vob)$/i.test(name))
      throw new AuthorError(
        'BAD_REQUEST',
        `Players look for VIDEO_TS/${name.toUpperCase()}, and here it is called “${name}”. Rename the files in VIDEO_TS to capitals.`,
      )
}

function folderOf(root: AuthorNode, name: string): AuthorNode | null {
  return root.children.find((each) => each.kind === 'directory' && each.name === name) ?? null
}

async function setOf(
  files: ReadonlyMap<string, AuthorNode>,
  stem: string,
  magic: string,
  menu: string,
  titles: readonly string[],
): Promise<Omit<VideoSet, 'fromFirst'>> {
  const ifo = contentOf(files, `${stem}.IFO`)
  const backup = ownContent(files, `${stem}.BUP`, ifo)
  const head = await firstBytes(ifo, HEAD_LENGTH)
  if (head.byteLength < HEAD_LENGTH || head.toString('latin1', 0, magic.length) !== magic)
    throw new AuthorError('BAD_REQUEST', `VIDEO_TS/${stem}.IFO is no IFO of a DVD-Video disc.`)
  const placed = [{ content: ifo, block: 0 }]
  let end = Math.max(blocksOf(ifo.byteLength), head.readUInt32BE(IfoAt.lastSectorOfIfo) + 1)
  const ifoBlocks = end
  const put = (content: AuthorContent, block: number, name: string): void => {
    if (block < end)
      throw new AuthorError(
        'BAD_REQUEST',
        `VIDEO_TS/${stem}.IFO says that ${name} begins in its sector ${block}, and the files in front of it end in ${end}. They do not belong together.`,
      )
    placed.push({ content, block })
    end = block + blocksOf(content.byteLength)
  }
  const menuContent = files.get(menu)?.content ?? null
  if (menuContent !== null && menuContent.byteLength > 0) put(menuContent, head.readUInt32BE(IfoAt.menuSector), menu)
  for (const [index, name] of titles.entries())
    put(contentOf(files, name), index === 0 ? head.readUInt32BE(IfoAt.titleSector) : end, name)
  const blockCount = head.readUInt32BE(IfoAt.lastSectorOfSet) + 1
  const backupBlock = blockCount - blocksOf(backup.byteLength)
  put(backup, backupBlock, `${stem}.BUP`)
  return { files: placed, blockCount, ifoBlocks, backupBlock }
}

function contentOf(files: ReadonlyMap<string, AuthorNode>, name: string): AuthorContent {
  const content = files.get(name)?.content ?? null
  if (content === null || content.byteLength === 0)
    throw new AuthorError('BAD_REQUEST', `A DVD-Video disc needs VIDEO_TS/${name}, and it is missing or empty.`)
  return content
}

/** A copy that is the same file on this computer is another one on the disc. */
function ownContent(files: ReadonlyMap<string, AuthorNode>, name: string, other: AuthorContent): AuthorContent {
  const content = contentOf(files, name)
  const node = files.get(name)
  if (content !== other || node === undefined) return content
  node.links = { serial: 0, count: 0 }
  return (node.content = { byteLength: content.byteLength, origin: content.origin, open: () => content.open() })
}

/**
 * Where a set begins: where the manager's titles say; or else where its IFO and the copy of that lie in blocks that are
 * corrected apart.
 * @param block the first that is free
 * @param first where the first set begins; null of that itself
 */
export function videoSetStart(
  { ifoBlocks, backupBlock, fromFirst }: VideoSet,
  block: number,
  first: number | null,
): number {
  // Titles that say otherwise than their sets' own lengths allow are of no use to a player either.
  if (first !== null && fromFirst !== null && first + fromFirst >= block) return first + fromFirst
  const apart = (start: number): boolean =>
    Math.floor((start + ifoBlocks - 1) / CORRECTED_TOGETHER) < Math.floor((start + backupBlock) / CORRECTED_TOGETHER)
  let start = block
  while (!apart(start)) start++
  return start
}
