import { readDisc, type ReadResult } from '../../../engine'
import { parse } from '../../arguments'
import { driveControl } from '../../drive-report'
import { driveFacts, summedUp } from '../../drive-summary'
import { EXIT, UsageError } from '../../exit-status'
import { Output, plural, showable, warn } from '../../output'
import { read } from './definition'

const RETRIES_LIMIT = 1000

/** `isolde read DRIVE OUT.iso`: what can be read, and what not. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(read, args)
  const [source, target, more] = positionals
  if (source === undefined || source === '') throw new UsageError('Name the drive; “isolde drives” lists them.', 'read')
  if (target === undefined || target === '') throw new UsageError('Name the file to write.', 'read')
  if (more !== undefined) throw new UsageError(`“${more}” is one argument too many.`, 'read')
  const retries = Number(values.retries ?? 1)
  if (!Number.isInteger(retries) || retries < 0 || retries > RETRIES_LIMIT || values.retries?.trim() === '')
    throw new UsageError(`--retries takes a number from 0 to ${RETRIES_LIMIT}; not “${values.retries ?? ''}”.`, 'read')
  const request = { source, target, map: values.map ?? null, retries, isReverse: values.reverse === true }
  const isJson = values.json === true
  const control = driveControl(values.progress)
  return summedUp(isJson, { ...driveFacts(source, target), how: 'read' }, async () => {
    try {
      const result = await readDisc(request, control)
      control.end()
      report(result, isJson)
      return result.bad.length === 0 ? EXIT.ok : EXIT.damaged
    } finally {
      control.end()
    }
  })
}

function report(
  { drive, path, byteLength, bytesRead, sha256, bad, damagedFiles, isResumed }: ReadResult,
  isJson: boolean,
): void {
  const output = new Output()
  if (isJson) {
    for (const range of bad) output.line(JSON.stringify({ status: 'bad', ...range }))
    const counts = { byteLength, bytesRead, bytesWritten: byteLength, bytesChecked: 0 }
    const problems = bad.length
    output.line(
      JSON.stringify({
        summary: true,
        drive,
        path,
        ...counts,
        sha256,
        how: 'read',
        parts: [],
        problems,
        damagedFiles,
        resumed: isResumed,
      }),
    )
  } else {
    for (const { byteOffset, byteLength: length } of bad)
      warn(`${plural(length, 'byte')} at byte ${byteOffset} cannot be read.`)
    for (const file of damagedFiles) warn(`“${file}” is damaged.`)
    const read = `${showable(path)}: ${bytesRead.toLocaleString('en')} of ${byteLength.toLocaleString('en')} bytes read.`
    output.line(read)
    if (sha256 !== null) output.line(`SHA-256 ${sha256}`)
    else if (damagedFiles.length > 0)
      output.line(`${plural(damagedFiles.length, 'file')} ${damagedFiles.length === 1 ? 'is' : 'are'} damaged.`)
  }
  output.flush()
}
