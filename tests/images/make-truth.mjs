// node make-truth.mjs VIEW FOLDER: what an image made from FOLDER must list, in the columns of a corpus's truth files.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

const [view, folder] = process.argv.slice(2)
const escape = (name) => name.replace(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c])
const rows = []

const walk = (at) => {
  for (const name of fs.readdirSync(path.join(folder, at)).sort()) {
    const inside = at === '' ? name : `${at}/${name}`
    const full = path.join(folder, inside)
    const stat = fs.lstatSync(full)
    if (stat.isSymbolicLink()) rows.push([view, escape(inside), 'symlink', '-', '-', escape(fs.readlinkSync(full))])
    else if (stat.isDirectory()) {
      rows.push([view, escape(inside), 'directory', '-', '-', ''])
      walk(inside)
    } else {
      const sha = createHash('sha256').update(fs.readFileSync(full)).digest('hex')
      rows.push([view, escape(inside), 'file', stat.size, sha, ''])
    }
  }
}
walk('')
console.log(rows.map((row) => row.join('\t')).join('\n'))
