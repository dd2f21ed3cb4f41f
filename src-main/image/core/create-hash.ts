import type { Hash } from 'node:crypto'

/**
 * A hash of node:crypto, which is loaded with the first of them: that takes as long as listing a small image does, and
 * most images are opened without any.
 * @param algorithm as node:crypto calls it
 */
export function createHash(algorithm: string): Hash {
  return process.getBuiltinModule('node:crypto').createHash(algorithm)
}
