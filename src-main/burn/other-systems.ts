/** How other systems burn an image that is a file: hdiutil(1), and what comes with Windows. */

/** @param device as `hdiutil burn -list` names it; null: the only one @param speed null: as fast as it goes */
export function hdiutilArguments(
  image: string,
  device: string | null,
  speed: number | null,
  isBlanked: boolean,
): string[] {
  return [
    'burn',
    '-puppetstrings',
    '-noeject',
    '-verifyburn',
    ...(isBlanked ? ['-erase'] : []),
    ...(speed === null ? [] : ['-speed', String(speed)]),
    ...(device === null ? [] : ['-device', device]),
    image,
  ]
}

/** `PERCENT:12.5` of `-puppetstrings`, from 0 to 1; null in any other line, and where it does not know (−1). */
export function hdiutilProgress(line: string): number | null {
  const percent = Number(/^PERCENT:(-?\d+(?:\.\d+)?)/.exec(line)?.[1] ?? NaN)
  return percent >= 0 ? Math.min(1, percent / 100) : null
}

/** The place of the Disc Image Burner. @param systemRoot the variable `SystemRoot` */
export function isoburnPlace(systemRoot: string): string {
  return `${systemRoot.replace(/\\+$/, '')}\\System32\\isoburn.exe`
}

/** @param drive its letter, with or without a colon; null: the one that it chooses */
export function isoburnArguments(image: string, drive: string | null): string[] {
  return ['/Q', ...(drive === null ? [] : [`${drive.replace(/[:\\]+$/, '')}:`]), image]
}
