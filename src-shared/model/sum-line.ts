/**
 * One line of a file of sums as coreutils write and check it. A name that holds a backslash or a line break is escaped,
 * which a backslash in front of the sum announces.
 * @param digest hexadecimal
 */
export function sumLine(digest: string, path: string): string {
  if (!/[\\\n\r]/.test(path)) return `${digest}  ${path}`
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `\\${digest}  ${escaped}`
}
