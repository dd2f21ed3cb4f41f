import { toErrorShape } from '../../../../src-shared/contract/errors'
import { findSumOf, IsoldeError, SummedContent, twinLengthProblem, type ImageView } from '../../../engine'
import { cleanPath, imageArgument, locationOptions, parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { openLocation } from '../../open-location'
import { Output, warn } from '../../output'
import { chooseView } from '../../view-choice'
import { cat } from './definition'

const CHUNK_BYTES = 1 << 20

/** `isolde cat IMAGE PATH`: one file's bytes to standard output. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(cat, args)
  const imagePath = imageArgument('cat', positionals, 2)
  const path = positionals[1]
  if (path === undefined) throw new UsageError('Name the file inside the image.', 'cat')
  const opened = await openLocation(imagePath, locationOptions(values))
  try {
    const view = chooseView(opened.image, values.view)
    const located = await view.lookup(cleanPath(path))
    if (!located) throw new IsoldeError('NO_SUCH_PATH', `There is no “${path}” in ${imagePath}.`)
    const { entry, content } = located
    if (!content) throw new IsoldeError('NOT_A_FILE', `“${path}” in ${imagePath} is a ${entry.kind}, not a file.`)
    const summed = await summedAs(view, cleanPath(path))
    const bytesOf = summed?.of(content) ?? content
    const output = new Output()
    let offset = 0
    while (offset < entry.byteLength) {
      let bytes: Uint8Array
      try {
        bytes = await bytesOf.read(offset, Math.min(CHUNK_BYTES, entry.byteLength - offset))
      } catch (error) {
        // A reader of packed bytes does not know whose they are.
        const { code, message } = toErrorShape(error)
        if (code === 'UNSUPPORTED_CONTAINER')
          throw new IsoldeError(code, `${imagePath}: “${path}” cannot be read. ${message}`)
        if (code !== 'CONTENT_DAMAGED') throw error
        warn(`${imagePath}: “${path}” is damaged: ${message}`)
        return EXIT.damaged
      }
      if (bytes.byteLength === 0) break
      output.bytes(bytes)
      offset += bytes.byteLength
    }
    const damage =
      content.damage ??
      summed?.problem(entry.byteLength) ??
      (await twinLengthProblem(opened.image, view.info.id, entry))
    await content.close()
    const [rewritten] = opened.rewritten()
    if (rewritten) {
      warn(rewritten.message)
      return EXIT.damaged
    }
    if (damage !== null) {
      warn(`${imagePath}: “${path}” is damaged: ${damage}`)
      return EXIT.damaged
    }
    if (offset === entry.byteLength) {
      if (entry.status === 'complete') return EXIT.ok
      const why = entry.status === 'lost' ? 'none of its content is in the image.' : 'its end is missing.'
      warn(`${imagePath}: “${path}” is damaged: ${why}`)
      return EXIT.damaged
    }
    warn(
      `${imagePath}: “${path}” is damaged: ${entry.byteLength - offset} of its ${entry.byteLength} bytes are missing.`,
    )
    return EXIT.damaged
  } finally {
    await opened.close()
  }
}

/** Null where the image carries no sum for the file. */
async function summedAs(view: ImageView, path: string): Promise<SummedContent | null> {
  const sum = await findSumOf(view, path)
  return sum === null ? null : new SummedContent(sum)
}
