// `npm run try`: builds Isolde, opens the sample image, extracts it, and shows what came out.
import fs from 'node:fs'
import path from 'node:path'
import { root, run, runTool } from './run.mjs'

const image = path.join('tests', 'images', 'sample.iso')
const isolde = path.join('bin', 'isolde.mjs')
const steps = [
  ['Building', () => runTool('electron-vite', ['build', '--logLevel', 'warn'])],
  ['What is this image?', () => run(process.execPath, [isolde, 'info', image])],
  [
    'Extracting it into the folder “sample”',
    () => run(process.execPath, [isolde, 'extract', image, '--to', 'sample', '--on-conflict', 'overwrite']),
  ],
]
for (const [title, step] of steps) {
  console.log(`\n▸ ${title}`)
  const status = await step()
  if (status !== 0) process.exit(status)
}
for (const name of fs.readdirSync(path.join(root, 'sample'), { recursive: true }).sort())
  console.log(`  sample/${name}`)
console.log('\nNow the window: npm start -- tests/images/sample.iso')
