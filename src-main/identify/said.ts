import type { ImageView } from '../image'
import type { WindowsEdition } from './windows'

/** What a file in a disc says that it is. */
export interface Said {
  /** `windows`, `linux`, `dvd-video`, `blu-ray`, `playstation` … */
  kind: string
  /** One line for people. */
  summary: string
  name: string | null
  version: string | null
  /** As it is written there. */
  architecture: string | null
  editions: WindowsEdition[]
  /** The file that says so. */
  where: string
}

/** Longer ones are not the few lines that these files are. */
const TEXT_LIMIT = 64 << 10

export function said(
  where: string,
  kind: string,
  summary: string,
  name: string | null = null,
  version: string | null = null,
  architecture: string | null = null,
  editions: WindowsEdition[] = [],
): Said {
  return { where, kind, summary, name, version, architecture, editions }
}

/**
 * The bytes of a short file; null where there is none of that name, or it is long.
 * @param limit so many bytes at most
 */
export async function readShort(view: ImageView, path: string, limit = TEXT_LIMIT): Promise<Uint8Array | null> {
  const located = await view.lookup(path)
  if (!located?.content || located.entry.byteLength > limit) return null
  const bytes = await located.content.read(0, located.entry.byteLength)
  await located.content.close()
  return bytes
}

export async function readText(view: ImageView, path: string): Promise<string | null> {
  const bytes = await readShort(view, path)
  return bytes === null ? null : new TextDecoder().decode(bytes)
}
