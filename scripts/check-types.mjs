// Checks every folder by its own tsconfig: each forbids what its folder must not know (Node, the DOM, Electron).
import fs from 'node:fs'
import path from 'node:path'
import { compiledDecoders } from './decoders-plugin.mjs'
import { root, runTool } from './run.mjs'

const folders = [
  '.',
  'src-shared',
  'src-main/image/codecs/assembly',
  ...fs
    .readdirSync(path.join(root, 'src-main'))
    .map((name) => path.join('src-main', name))
    .filter((folder) => fs.existsSync(path.join(root, folder, 'tsconfig.json'))),
  'tests',
]
let failed = 0
for (const folder of folders) if ((await runTool('tsc', ['--noEmit', '-p', folder])) !== 0) failed++
// What TypeScript lets pass there its own compiler may not.
try {
  await compiledDecoders()
} catch (error) {
  console.error(error.message)
  failed++
}
if ((await runTool('vue-tsc', ['--noEmit', '-p', 'src-renderer'])) !== 0) failed++
console.log(failed === 0 ? `${folders.length + 1} folders check.` : `${failed} folders do not check.`)
process.exitCode = failed === 0 ? 0 : 1
