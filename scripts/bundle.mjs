import fs from 'node:fs'
import path from 'node:path'
import { decodersPlugin } from './decoders-plugin.mjs'
import { root } from './run.mjs'

/**
 * A file in TypeScript with all that it imports as one file that Node runs by itself, for processes that have no room
 * for the compiler. It lies where packages are found from; answers its path.
 */
export async function bundle(entry) {
  const { build } = await import('vite')
  const folder = path.join(root, 'node_modules', '.cache', 'bundles')
  fs.mkdirSync(folder, { recursive: true })
  const outDir = fs.mkdtempSync(path.join(folder, `${path.basename(entry, '.ts')}-`))
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [decodersPlugin()],
    build: {
      ssr: path.join(root, entry),
      outDir,
      minify: false,
      target: 'node22',
      rollupOptions: { output: { entryFileNames: 'bundle.mjs' } },
    },
  })
  return path.join(outDir, 'bundle.mjs')
}
