import Native from 'better-sqlite3'
import { loadNative } from '../task'
import { openRuntimeDatabase, type Connection, type DatabaseOptions } from './runtime-sqlite'

export type { Connection } from './runtime-sqlite'

/** Set in the environment of a process whose predecessor the native code has crashed. */
export const AVOID_NATIVE_CODE = 'ISOLDE_AVOID_NATIVE_CODE'

let trouble: Error | null | undefined

/**
 * Why the database's native code cannot be loaded here: of another system, of another runtime, gone; null where it can.
 * Tried once in each thread.
 */
export function nativeTrouble(): Error | null {
  if (trouble !== undefined) return trouble
  try {
    if (process.env[AVOID_NATIVE_CODE] === '1') throw new Error('it has ended the engine that loaded it')
    loadNative(() => new Native(':memory:').close())
    trouble = null
  } catch (error) {
    trouble = error instanceof Error ? error : new Error(String(error))
  }
  return trouble
}

/**
 * Opens a database: with the native code, or with the SQLite of the runtime itself where that does not load.
 * @throws what either throws, or one sentence where the native code does not load and the runtime has no SQLite
 */
export function openDatabase(filePath: string, options: DatabaseOptions): Connection {
  const problem = nativeTrouble()
  if (problem === null) return new Native(filePath, options)
  const other = openRuntimeDatabase(filePath, options)
  if (other === null)
    throw new Error(
      `The database’s native code does not load (${problem.message}), and this runtime has no SQLite of its own.`,
      { cause: problem },
    )
  return other
}
