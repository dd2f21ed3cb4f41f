import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Scripts that previews run in sandboxed frames, as the build names them. */
const FRAME_SCRIPT = /^preview-[a-z]+-frame-[\w-]+\.js$/

/**
 * How the page's policy names the scripts of preview frames: by their hashes. A frame has no origin that could load them,
 * so they stand in it as they are.
 * @param rendererFolder the built window
 */
export async function frameScriptHashes(rendererFolder: string): Promise<string[]> {
  const folder = join(rendererFolder, 'assets')
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    names
      .filter((name) => FRAME_SCRIPT.test(name))
      .map(async (name) => {
        const hash = createHash('sha256').update(await readFile(join(folder, name)))
        return `'sha256-${hash.digest('base64')}'`
      }),
  )
}
