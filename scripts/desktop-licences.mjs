// Writes .cache/package/licences.html: every package that travels with the program, with its licence's text. Made when the
// program is packaged, and not committed. Fails where a package says nothing of its licence.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { closure, runtimePackages, windowPackages } from './desktop-packages.mjs'
import { root } from './run.mjs'

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i

/** Packages by name, each once a version, with what they say of their licence. */
export function licences() {
  const node = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  // Of Electron's package only its runtime travels, not what fetches that; nor has Node's any that it needs.
  const alone = [...closure(['electron', node])].filter(([, { name }]) => name === 'electron' || name === node)
  const known = new Map()
  for (const [folder, manifest] of [...runtimePackages(), ...windowPackages(), ...alone]) {
    const { name, version, license, licenses } = manifest
    const texts = fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((file) => file.isFile() && LICENCE_FILE.test(file.name))
      .map((file) => fs.readFileSync(path.join(folder, file.name), 'utf8').trim())
    const kind = typeof license === 'string' ? license : (license?.type ?? licenses?.map(({ type }) => type).join(', '))
    known.set(`${name} ${version}`, { name, version, kind: kind ?? '', texts })
  }
  return [...known.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
}

const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign])

export function page(list) {
  const sections = list.map(
    ({ name, version, kind, texts }) =>
      `<details><summary>${escaped(name)} ${escaped(version)} · ${escaped(kind)}</summary>` +
      `${texts.map((text) => `<pre>${escaped(text)}</pre>`).join('') || '<p>Its package holds no text of it.</p>'}</details>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Isolde: licences of what it is made with</title>
<h1>What Isolde is made with</h1>
${sections.join('\n')}
</html>
`
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const list = licences()
  const silent = list.filter(({ kind, texts }) => kind === '' && texts.length === 0)
  if (silent.length > 0) {
    console.error(`These say nothing of their licence: ${silent.map(({ name }) => name).join(', ')}`)
    process.exit(1)
  }
  const folder = path.join(root, '.cache', 'package')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'licences.html'), page(list))
  console.log(`The licences of ${list.length} packages go with the program.`)
}
