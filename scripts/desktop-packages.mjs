// Which npm packages travel with the program: what its processes load, and what is built into its window.
import fs from 'node:fs'
import path from 'node:path'
import { root } from './run.mjs'

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'))
export const manifest = readJson(path.join(root, 'package.json'))

/** The folder of a package as Node finds it from another one's; null where it is not installed. */
function findPackage(name, from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'node_modules', name)
    if (fs.existsSync(path.join(found, 'package.json'))) return found
    if (folder === path.dirname(folder)) return null
  }
}

/** Packages by folder, with everything that they need in turn. */
export function closure(names) {
  const found = new Map()
  const visit = (name, from) => {
    const folder = findPackage(name, from)
    if (!folder || found.has(folder)) return
    const json = readJson(path.join(folder, 'package.json'))
    found.set(folder, json)
    for (const needed of Object.keys(json.dependencies ?? {})) visit(needed, folder)
  }
  for (const name of names) visit(name, root)
  return found
}

/** What the processes load at run time. */
export const runtimePackages = () => closure([...Object.keys(manifest.dependencies), 'koffi'])

/** What the window's sources import; it is built into one file with them. */
export function windowPackages() {
  const names = new Set()
  const known = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)])
  for (const file of fs.readdirSync(path.join(root, 'src-renderer'), { recursive: true })) {
    if (!/\.(?:ts|vue|css)$/.test(file)) continue
    const text = fs.readFileSync(path.join(root, 'src-renderer', file), 'utf8')
    for (const [, specifier] of text.matchAll(/(?:from|import)\s+['"]([^'".][^'"]*)['"]/g)) {
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
      if (known.has(name)) names.add(name)
    }
  }
  return closure(names)
}
