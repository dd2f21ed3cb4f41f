/**
 * What a decoder threw, where the packed bytes are to blame. A mistake of the program's, and what its runtime lacks,
 * must not be told as damage of somebody's disc.
 * @throws the error itself where it is one of those
 */
export function packedFault(error: unknown): Error {
  const code = (error as { code?: unknown }).code
  const isMistake = error instanceof TypeError || error instanceof ReferenceError || code === 'ERR_MODULE_NOT_FOUND'
  if (isMistake || !(error instanceof Error)) throw error
  return error
}
