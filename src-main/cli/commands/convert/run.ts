import { lossesOf, makeWholeFile, openLocation, pour, type Control } from '../../../engine'
import { imageArgument, locationOptions, parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { watchInterrupts } from '../../interrupts'
import { OutputStream, warn } from '../../output'
import { ProgressLine } from '../../progress-line'
import { convert } from './definition'

/** `isolde convert IMAGE OUT.iso`: the blocks in whatever container as a plain image, whole or not at all; `-` streams it. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(convert, args)
  const imagePath = imageArgument('convert', positionals, 2)
  const target = positionals[1]
  if (target === undefined) throw new UsageError('Name the file to write.', 'convert')
  const opened = await openLocation(imagePath, locationOptions(values))
  const progress = ProgressLine.for(values.progress)
  const { image } = opened
  const stop = watchInterrupts()
  try {
    const plain = await image.plain()
    const control = {
      checkpoint: () => stop.checkpoint(),
      progress: ({ bytesDone = 0 }) => {
        progress.update(bytesDone, plain.blocks.byteLength, () => target)
      },
    } satisfies Control
    const written =
      target === '-'
        ? await pour(plain.blocks, new OutputStream(), control)
        : await makeWholeFile(target, (_, file) => pour(plain.blocks, file, control))
    progress.clear()
    const losses = [...lossesOf(image, plain, written.problem), ...opened.rewritten()]
    for (const { code, message } of losses) warn(code === 'SOURCE_CHANGED' ? message : `${imagePath}: ${message}`)
    return losses.length === 0 ? EXIT.ok : EXIT.damaged
  } finally {
    progress.clear()
    stop.end()
    await opened.close()
  }
}
