import fs from 'node:fs'

const ENOUGH_HOLDERS = 3

/** Programs that have a file or their folder at or below a mount point, by name; some of them, where there are many. */
export function holdersOf(point: string): string[] {
  const names = new Set<string>()
  for (const process of namesIn('/proc')) {
    if (names.size >= ENOUGH_HOLDERS) break
    if (!/^\d+$/.test(process)) continue
    const folder = `/proc/${process}`
    const links = [`${folder}/cwd`, ...namesIn(`${folder}/fd`).map((each) => `${folder}/fd/${each}`)]
    if (links.some((link) => isBelow(link, point))) names.add(nameOf(folder))
  }
  return [...names]
}

/** What stops a file system from being unmounted, as the end of a sentence. @param otherwise where nothing is found */
export function heldBy(point: string, otherwise: string): string {
  const holders = holdersOf(point)
  if (holders.length === 0) return otherwise
  return `${holders.join(', ')} ${holders.length === 1 ? 'has' : 'have'} something open on it`
}

function isBelow(link: string, point: string): boolean {
  try {
    const target = fs.readlinkSync(link)
    return target === point || target.startsWith(`${point}/`)
  } catch {
    return false
  }
}

function nameOf(folder: string): string {
  try {
    return fs.readFileSync(`${folder}/comm`, 'utf8').trim()
  } catch {
    return 'a program'
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}
