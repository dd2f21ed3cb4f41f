import fs from 'node:fs'
import path from 'node:path'
import { asWriteError, IsoldeError, openLocation } from '../../engine'
import { IMAGE_OPTIONS, imageArgument, locationOptions, parse } from '../arguments'
import { EXIT, UsageError } from '../exit-status'
import { ProgressLine } from '../progress-line'

const CHUNK_BYTES = 4 << 20

/** `isolde convert IMAGE OUT.iso`: any container to plain blocks, written aside and moved in when whole. */
export async function convert(args: string[]): Promise<number> {
  const { values, positionals } = parse('convert', args, IMAGE_OPTIONS)
  const imagePath = imageArgument('convert', positionals, 2)
  const target = positionals[1]
  if (target === undefined) throw new UsageError('Name the file to write.', 'convert')
  const opened = await openLocation(imagePath, locationOptions(values))
  const aside = path.join(path.dirname(path.resolve(target)), `.isolde-${process.pid}-${path.basename(target)}`)
  const progress = ProgressLine.for(values.progress)
  try {
    if (fs.existsSync(target)) throw new IsoldeError('NAME_TAKEN', `${target} is already there. Choose another name.`)
    const { blocks } = opened.image
    const descriptor = fs.openSync(aside, 'wx')
    try {
      for (let offset = 0; offset < blocks.byteLength;) {
        const bytes = await blocks.read(offset, Math.min(CHUNK_BYTES, blocks.byteLength - offset))
        if (bytes.byteLength === 0) break
        let at = 0
        while (at < bytes.byteLength) at += fs.writeSync(descriptor, bytes, at)
        offset += bytes.byteLength
        progress.update(offset, blocks.byteLength, () => target)
      }
    } finally {
      fs.closeSync(descriptor)
    }
    fs.linkSync(aside, target)
    return opened.image.info.completeness.status === 'complete' ? EXIT.well : EXIT.damaged
  } catch (error) {
    throw error instanceof IsoldeError || (error as { name?: string }).name === 'SourceError'
      ? error
      : asWriteError(error, target)
  } finally {
    progress.clear()
    fs.rmSync(aside, { force: true })
    await opened.close()
  }
}
