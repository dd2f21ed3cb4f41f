import type { DiagnosticLog } from './diagnostic-log'

/** ECMA-119 9.1.6: says that files have another beside them under the same name, which is neither listed nor extracted. */
export function warnOfAssociated(log: DiagnosticLog, count: number): void {
  if (count === 0) return
  const what = count === 1 ? '1 file has an associated file' : `${count} files have an associated file each`
  const message = `${what} under the same name, such as a Macintosh’s resource fork, which is left out; “isolde extract --streams” writes it as a file of its own.`
  log.warn('ASSOCIATED_FILES', message)
}
