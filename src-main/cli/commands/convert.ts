import fs from 'node:fs'
import { makeWholeFile, openLocation } from '../../engine'
import { IMAGE_OPTIONS, imageArgument, locationOptions, parse } from '../arguments'
import { EXIT, UsageError } from '../exit-status'
import { warn } from '../output'
import { ProgressLine } from '../progress-line'

const CHUNK_BYTES = 1 << 20

/** `isolde convert IMAGE OUT.iso`: the blocks in whatever container as a plain image, whole or not at all. */
export async function convert(args: string[]): Promise<number> {
  const { values, positionals } = parse('convert', args, IMAGE_OPTIONS)
  const imagePath = imageArgument('convert', positionals, 2)
  const target = positionals[1]
  if (target === undefined) throw new UsageError('Name the file to write.', 'convert')
  const opened = await openLocation(imagePath, locationOptions(values))
  const progress = ProgressLine.for(values.progress)
  const { blocks, info } = opened.image
  try {
    await makeWholeFile(target, async (aside) => {
      const descriptor = fs.openSync(aside, 'wx')
      try {
        for (let offset = 0; offset < blocks.byteLength;) {
          const bytes = await blocks.read(offset, Math.min(CHUNK_BYTES, blocks.byteLength - offset))
          if (bytes.byteLength === 0) break
          for (let at = 0; at < bytes.byteLength;) at += fs.writeSync(descriptor, bytes, at)
          offset += bytes.byteLength
          progress.update(offset, blocks.byteLength, () => target)
        }
      } finally {
        fs.closeSync(descriptor)
      }
    })
    progress.clear()
    if (info.completeness.status === 'complete') return EXIT.well
    warn(`${imagePath} is ${info.completeness.missingByteLength} bytes short, and so is ${target}.`)
    return EXIT.damaged
  } finally {
    progress.clear()
    await opened.close()
  }
}
