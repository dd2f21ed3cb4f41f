interface FileInParts {
  path: string
  partsLeft: number
  bytesDone: number
  hasFailed: boolean
}

/** How a file that threads wrote in parts has ended. */
export interface EndedFile {
  path: string
  /** Of its content that was written. */
  bytesDone: number
  isWhole: boolean
}

/** The larger packed files that threads are filling, by their node: how many parts of each are still to come. */
export class FilesInParts {
  private readonly files = new Map<number, FileInParts>()

  begin(node: number, path: string, parts: number): void {
    this.files.set(node, { path, partsLeft: parts, bytesDone: 0, hasFailed: false })
  }

  /** A part is there, or could not be had. @returns null until it was the last one */
  partDone(node: number, byteLength: number, isWritten: boolean): EndedFile | null {
    const file = this.files.get(node)
    if (!file) return null
    if (isWritten) file.bytesDone += byteLength
    else file.hasFailed = true
    if (--file.partsLeft > 0) return null
    this.files.delete(node)
    return { path: file.path, bytesDone: file.bytesDone, isWhole: !file.hasFailed }
  }
}
