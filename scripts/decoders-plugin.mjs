// Compiles the decoders (src-main/image/codecs/assembly) to WebAssembly, and puts the bytes where the program loads them
// from. What was compiled of the same sources is kept, so that nothing but a change of them costs time.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const SOURCES = 'src-main/image/codecs/assembly'
const CACHE = path.join(root, 'node_modules', '.cache', 'decoders')
/** Whose text the bytes take the place of. */
const HOLDER = /[\\/]src-main[\\/]image[\\/]codecs[\\/]module-bytes\.ts$/
/** Pages of 64 KiB: every address has 31 bits. Who calls decides how much of it is had. */
const MAXIMUM_PAGES = 32_767
const OPTIONS = [
  ...['--runtime', 'stub', '--noAssert', '--optimizeLevel', '3', '--shrinkLevel', '0', '--converge'],
  ...['--maximumMemory', String(MAXIMUM_PAGES), '--use', 'abort='],
  ...['--enable', 'bulk-memory', '--enable', 'simd'],
]

/** A plugin for Vite; every build that has decoders in it needs it. */
export function decodersPlugin() {
  return {
    // Vitest keeps what modules were made into by, among others, the names of plugins.
    name: `isolde-decoders-${sourcesKey()}`,
    enforce: 'pre',
    load: {
      filter: { id: HOLDER },
      async handler() {
        for (const file of sources()) this.addWatchFile(path.join(root, SOURCES, file))
        const base64 = (await compiledDecoders()).toString('base64')
        return `export const moduleBytes = () => Buffer.from('${base64}', 'base64')\n`
      },
    },
  }
}

function sources() {
  return fs
    .readdirSync(path.join(root, SOURCES))
    .filter((name) => name.endsWith('.ts'))
    .sort()
}

/** By the hash of what they are made from: several builds at a time are one. */
const compiling = new Map()

/** The module's bytes. @throws {Error} with what the compiler says */
export function compiledDecoders() {
  const key = sourcesKey()
  const known = compiling.get(key) ?? kept(key)
  compiling.set(key, known)
  return known
}

/** A hash of all that the module is made from. */
function sourcesKey() {
  const hash = createHash('sha256').update(OPTIONS.join(' ')).update(compilerVersion())
  for (const name of sources()) hash.update(name).update(fs.readFileSync(path.join(root, SOURCES, name)))
  return hash.digest('hex').slice(0, 32)
}

function compilerVersion() {
  const manifest = path.join(root, 'node_modules', 'assemblyscript', 'package.json')
  return JSON.parse(fs.readFileSync(manifest, 'utf8')).version
}

async function kept(key) {
  const file = path.join(CACHE, `${key}.wasm`)
  if (fs.existsSync(file)) return fs.readFileSync(file)
  const bytes = await compile()
  fs.mkdirSync(CACHE, { recursive: true })
  // Whoever builds at the same time sees all of it or nothing.
  const draft = `${file}.${process.pid}`
  fs.writeFileSync(draft, bytes)
  fs.renameSync(draft, file)
  return bytes
}

async function compile() {
  const { default: asc } = await import('assemblyscript/asc')
  let bytes = null
  const { error, stderr } = await asc.main(
    [`${SOURCES}/index.ts`, ...OPTIONS, '--baseDir', root, '--outFile', 'decoders.wasm'],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) bytes = contents
      },
    },
  )
  if (error || bytes === null) throw new Error(`The decoders do not compile.\n${stderr}`, { cause: error })
  return Buffer.from(bytes)
}
