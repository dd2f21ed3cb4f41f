/** One line of mountinfo. */
export interface Mount {
  /** Of the file system: `8:17`. */
  device: string
  point: string
  fileSystem: string
  /** `/dev/sdb1`, the name of a pool, or anything. */
  source: string
}

/** proc(5), `/proc/pid/mountinfo`: fields up to a lone hyphen, then type and source. Lines that are cut are passed over. */
export function parseMountInfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ')
    const dash = fields.indexOf('-', 6)
    const [, , device, , point] = fields
    const [fileSystem, source] = dash < 0 ? [] : fields.slice(dash + 1)
    if (device === undefined || point === undefined || fileSystem === undefined || source === undefined) return []
    return [{ device, point: unescaped(point), fileSystem, source: unescaped(source) }]
  })
}

/** What people call what is mounted: a device, a file system. */
export function nameOfMount({ source, fileSystem }: Mount): string {
  return source.startsWith('/') ? source : fileSystem
}

/**
 * What somebody else has mounted over one of these places, or below it: unmounting by the path would take that away, or fail.
 * Null where nothing is.
 * @param points where something is mounted @param devices of what may be unmounted
 */
export function strangerAt(
  points: readonly string[],
  devices: ReadonlySet<string>,
  mounts: readonly Mount[],
): { point: string; mount: Mount } | null {
  for (const point of points) {
    // What was mounted last is on top.
    const top = mounts.findLast((each) => each.point === point)
    const below = mounts.find((each) => each.point.startsWith(`${point}/`) && !devices.has(each.device))
    const mount = top !== undefined && !devices.has(top.device) ? top : below
    if (mount !== undefined) return { point, mount }
  }
  return null
}

/** proc(5), `/proc/swaps`: the first column, below its head. */
export function parseSwaps(text: string): string[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [path = ''] = line.split(/\s/)
      return path === '' ? [] : [unescaped(path).replace(/ \(deleted\)$/, '')]
    })
}

/** Spaces, tabs, line ends and backslashes are written as three octal digits. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
}
