import { IsoldeError } from '../../../src-shared/contract/errors'

/** In bytes: what Rock Ridge, UDF and the systems themselves can hold. */
const LONGEST = 255

/** @throws {IsoldeError} `BAD_REQUEST` for what is no name of a file or folder: nothing, a path, too long */
export function assertName(name: string): void {
  if (name === '') throw new IsoldeError('BAD_REQUEST', 'A name cannot be empty.')
  const shown = name.replaceAll('\0', '␀')
  if (Buffer.byteLength(name) > LONGEST)
    throw new IsoldeError('BAD_REQUEST', `“${shown.slice(0, 40)}…” is too long for a name: ${LONGEST} bytes at most.`)
  if (name.includes('/') || name.includes('\0') || name === '.' || name === '..')
    throw new IsoldeError('BAD_REQUEST', `“${shown}” cannot be the name of a file or folder.`)
}
