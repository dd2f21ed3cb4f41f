import type { Hash } from 'node:crypto'

/**
 * Makes a sum, piece by piece.
 * @param algorithm as node:crypto calls it
 */
export function sumMaker(algorithm: string): Hash {
  // Loaded with the first sum: it takes longer than listing a small image does, and most images carry none.
  return process.getBuiltinModule('node:crypto').createHash(algorithm)
}
