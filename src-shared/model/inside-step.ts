/** A step into what lies inside of a file: of an image around it the path, of a disk where its bytes are. */
export interface InsideStep {
  view?: string | undefined
  path: string
  /**
   * Of what no file system leads to: pairs of byte offset in the file around it (−1: zeros that were never recorded) and
   * byte length. `path` is only a name then. Only of a first step.
   */
  runs?: number[] | undefined
}

/** Tells one step from every other one of the same file: two finds of a disk may have one name. */
export function stepKey({ path, runs }: InsideStep): string {
  return runs === undefined ? path : `${path}@${runs.join(',')}`
}
