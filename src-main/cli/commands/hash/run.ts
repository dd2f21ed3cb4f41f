import { lacksKey, sumLine } from '../../../../src-shared/model'
import {
  contentHasher,
  damageMet,
  findPath,
  findSums,
  SummedContent,
  toErrorShape,
  twinDamageOf,
  type EntryTable,
  type ExpectedSum,
  type ImageView,
} from '../../../engine'
import { cleanPath, imageArgument, locationOptions, parse } from '../../arguments'
import { visitInOrder } from '../../entry-order'
import { EXIT } from '../../exit-status'
import { openLocation } from '../../open-location'
import { Output, warn } from '../../output'
import { chooseView } from '../../view-choice'
import { hash } from './definition'

/** `isolde hash IMAGE [PATH …]`: sums of files inside an image, as `sha256sum -c` and `b3sum -c` check them. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(hash, args)
  const imagePath = imageArgument('hash', positionals)
  const algorithm = values.algorithm ?? 'sha256'
  const opened = await openLocation(imagePath, locationOptions(values))
  try {
    const view = chooseView(opened.image, values.view)
    const table = await view.readTree()
    const hasher = await contentHasher(algorithm)
    const sums = await sumsByPath(table)
    const output = new Output()
    let status: number = EXIT.ok
    const named = positionals.slice(1)
    for (const path of filesOf(table, named)) {
      try {
        const { digest, byteLength, damage } = await hashOne(view, path, hasher, sums.get(path))
        output.line(values.json ? JSON.stringify({ path, algorithm, digest, size: byteLength }) : sumLine(digest, path))
        if (damage === null) continue
        warn(`${imagePath}: “${path}” is damaged: ${damage}`)
        status = EXIT.damaged
      } catch (error) {
        warn(`${imagePath}: ${toErrorShape(error).message}`)
        status = EXIT.damaged
      }
    }
    output.flush()
    // A list that should be of all files is not whole where the image is not.
    const met =
      named.length === 0
        ? await damageMet({ opened, view, table }, null)
        : [...opened.rewritten(), ...(await twinDamageOf(opened.image, view.info.id, table, named.map(cleanPath)))]
    for (const { code, message } of met) {
      if (code === 'SOURCE_CHANGED') warn(message)
      else if (lacksKey({ code })) warn(`${imagePath}: ${message}`)
      else warn(`${imagePath} is damaged: ${message} Entries may be missing or wrong.`)
      status = EXIT.damaged
    }
    return status
  } finally {
    await opened.close()
  }
}

type Hasher = Awaited<ReturnType<typeof contentHasher>>

async function hashOne(
  view: ImageView,
  path: string,
  hasher: Hasher,
  expected: ExpectedSum | undefined,
): Promise<{ digest: string; byteLength: number; damage: string | null }> {
  const located = await view.lookup(path)
  if (!located?.content) throw new Error(`“${path}” cannot be read.`)
  const { byteLength, status } = located.entry
  if (status === 'lost') throw new Error(`“${path}” is lost: none of its content is in the image.`)
  const summed = expected && new SummedContent(expected)
  try {
    const digest = await hasher.hash(summed?.of(located.content) ?? located.content, byteLength, path)
    const lacking = located.entry.status === 'complete' ? null : 'its end is missing.'
    return { digest, byteLength, damage: located.content.damage ?? summed?.problem(byteLength) ?? lacking }
  } finally {
    await located.content.close()
  }
}

/** What the image says that its files must give. */
async function sumsByPath(table: EntryTable): Promise<Map<string, ExpectedSum>> {
  return new Map(Array.from(await findSums(table), ([index, sum]) => [table.pathOf(index), sum]))
}

/** Files at or below the named paths, or all, each once. @throws {IsoldeError} `NO_SUCH_PATH` */
function filesOf(table: EntryTable, named: readonly string[]): Set<string> {
  const files = new Set<string>()
  for (const name of named.length === 0 ? [''] : named) {
    const path = cleanPath(name)
    const root = findPath(table, path)
    if (table.kindOf(root) === 'directory')
      visitInOrder(table, root, (index, entryPath) => {
        if (table.kindOf(index) === 'file') files.add(entryPath)
      })
    else if (table.kindOf(root) === 'file') files.add(path)
    else warn(`“${path}” is a ${table.kindOf(root)}; it has no content to hash.`)
  }
  return files
}
