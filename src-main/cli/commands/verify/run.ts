import { openLocation, verifyImage } from '../../../engine'
import type { Check, VerifyReport } from '../../../../src-shared/model'
import { imageArgument, locationOptions, parse } from '../../arguments'
import { EXIT } from '../../exit-status'
import { Output, showable, warn } from '../../output'
import { ProgressLine } from '../../progress-line'
import { chooseView } from '../../view-choice'
import { verify } from './definition'

const MARKS: Record<Check['verdict'], string> = { passed: 'passed    ', failed: 'FAILED    ', unreadable: 'UNREADABLE' }
const VERDICTS: Record<VerifyReport['verdict'], string> = {
  passed: 'passed all checks.',
  failed: 'did not pass.',
  'nothing-to-check': "has no checksums, so its contents can't be verified.",
}

/** `isolde verify IMAGE [--json]`: every check the image carries, each with its verdict. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(verify, args)
  const imagePath = imageArgument('verify', positionals, 1)
  const opened = await openLocation(imagePath, locationOptions(values))
  const progress = ProgressLine.for(values.progress, values.quiet)
  try {
    const report = await verifyImage(opened.image, chooseView(opened.image, values.view).info.id, {
      checkpoint: () => undefined,
      progress: (change) => {
        progress.take(change)
      },
    })
    progress.clear()
    const output = new Output()
    if (values.json) output.line(JSON.stringify(report))
    else {
      const shown = report.checks.filter(({ verdict }) => !values.quiet || verdict !== 'passed')
      for (const { verdict, detail } of shown) output.line(`${MARKS[verdict]}  ${showable(detail)}`)
      if (!values.quiet) output.line(`${showable(imagePath)} ${VERDICTS[report.verdict]}`)
    }
    output.flush()
    const rewritten = opened.rewritten()
    for (const { message } of rewritten) warn(message)
    return report.verdict === 'failed' || rewritten.length > 0 ? EXIT.damaged : EXIT.ok
  } finally {
    progress.clear()
    await opened.close()
  }
}
