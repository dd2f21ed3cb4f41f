import fs from 'node:fs'
import path from 'node:path'
import { FileByteSource } from './file-byte-source'

/** What every file of dvdisaster's begins with; other programs have files of that ending too. */
const COOKIE = '*dvdisaster*'

/** The files beside an image that may hold error correction of dvdisaster for it: `disc.iso.ecc`, `disc.ecc`. */
export function eccBeside(imagePath: string): string[] {
  const stem = imagePath.slice(0, imagePath.length - path.extname(imagePath).length)
  const names = [...new Set([`${imagePath}.ecc`, `${stem}.ecc`])]
  return names.filter((name) => name !== imagePath && fs.statSync(name, { throwIfNoEntry: false })?.isFile() === true)
}

/** Where error correction of an image belongs: where there is some already, else under the image’s name. */
export function eccPathFor(imagePath: string): string {
  const stem = imagePath.slice(0, imagePath.length - path.extname(imagePath).length)
  return eccBeside(imagePath).find(isEcc) ?? `${stem}.ecc`
}

/** Whether a file is error correction of dvdisaster’s. */
export function isEcc(file: string): boolean {
  try {
    const source = FileByteSource.open(file, 'sibling')
    try {
      return isEccFile(source)
    } finally {
      source.close()
    }
  } catch {
    return false
  }
}

function isEccFile(file: FileByteSource): boolean {
  return Buffer.from(file.read(0, COOKIE.length)).toString('latin1') === COOKIE
}

/** The first of those that is one; null without any, or where it cannot be read. The caller closes it. */
export function openEccBeside(imagePath: string): FileByteSource | null {
  for (const name of eccBeside(imagePath)) {
    try {
      const file = FileByteSource.open(name, 'sibling')
      if (isEccFile(file)) return file
      file.close()
    } catch {
      // What cannot be read proves nothing.
    }
  }
  return null
}
