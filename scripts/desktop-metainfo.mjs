// The description that Linux' software centres show, as a package brings it: with the address of the project's home, which
// is known to whoever packages it, and not to the sources.
import fs from 'node:fs'
import path from 'node:path'
import { root } from './run.mjs'

const NAME = 'org.isolde.Isolde.metainfo.xml'

/**
 * Writes it where electron-builder.yml looks for it.
 * @param home an https address, or '' where nobody knows one
 * @returns the file's path
 */
export function writeMetainfo(home, folder = path.join(root, '.cache', 'package')) {
  const source = fs.readFileSync(path.join(root, 'resources', 'linux', NAME), 'utf8')
  const address = home.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  // Where the element belongs: before what the program is started by.
  const made =
    home === '' ? source : source.replace(/^( *)<launchable /m, `$1<url type="homepage">${address}</url>\n$&`)
  fs.mkdirSync(folder, { recursive: true })
  const file = path.join(folder, NAME)
  fs.writeFileSync(file, made)
  return file
}
