import { eccPathFor, protectImage, type Control } from '../../../engine'
import { imageArgument, parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { watchInterrupts } from '../../interrupts'
import { Output, showable } from '../../output'
import { ProgressLine } from '../../progress-line'
import { protect } from './definition'

/** `isolde protect IMAGE [--to F] [--redundancy 20]`: a file of error correction beside an image. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(protect, args)
  const imagePath = imageArgument('protect', positionals, 1)
  const redundancy = Number(values.redundancy ?? '20')
  if (!(redundancy >= 3.3 && redundancy <= 200) || values.redundancy === '')
    throw new UsageError(
      `--redundancy takes a percentage from 3.3 to 200; not “${values.redundancy ?? ''}”.`,
      'protect',
    )
  const target = values.to ?? eccPathFor(imagePath)
  const isReplacing = values.replace === true
  const progress = ProgressLine.for(values.progress)
  const stop = watchInterrupts()
  const control: Control = {
    checkpoint: () => stop.checkpoint(),
    progress: (change) => {
      progress.take(change)
    },
  }
  try {
    const { byteLength, dataLayers, eccLayers } = await protectImage(
      imagePath,
      target,
      redundancy,
      control,
      isReplacing,
    )
    progress.clear()
    const output = new Output()
    if (values.json) output.line(JSON.stringify({ path: target, byteLength, eccLayers }))
    else
      output.line(
        `${showable(target)} is written: of every ${dataLayers} sectors of the image, ${eccLayers} may be lost.`,
      )
    output.flush()
    return EXIT.ok
  } finally {
    progress.clear()
    stop.end()
  }
}
