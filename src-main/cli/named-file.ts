import fs from 'node:fs'
import { explainReadError } from '../../src-shared/model'
import { IsoldeError } from '../engine'
import { UsageError } from './exit-status'

/**
 * A small file that an option names, whole.
 * @throws {UsageError} where it is a folder; {@link IsoldeError} with what the system says otherwise, by the file's name
 */
export function readNamedFile(file: string, option: string, command: string): Buffer {
  try {
    return fs.readFileSync(file)
  } catch (error) {
    // The system's own sentence about a folder does not even name it.
    if ((error as NodeJS.ErrnoException).code === 'EISDIR')
      throw new UsageError(`--${option} takes a file, and ${file} is a folder.`, command)
    const { code, message } = explainReadError(error, file)
    throw new IsoldeError(code as ConstructorParameters<typeof IsoldeError>[0], message)
  }
}
