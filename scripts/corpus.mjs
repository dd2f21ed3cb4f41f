// npm run corpus -- DIR: checks the reader against the images in a folder that has an INDEX.tsv, truth/ and images/,
// besides the project's own: one line for each image, and a last line of totals. Without DIR, the project's own alone
// (and ../shared/corpus where it is there).
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { runTool } from './run.mjs'

const folder = process.argv[2]
const env = folder === undefined ? process.env : { ...process.env, ISOLDE_CORPUS: path.resolve(folder) }
const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-corpus-')), 'report.json')
const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`]
const status = await runTool('vitest', ['run', '--project', 'corpus', ...reporters], { env })
const { numPassedTests = 0, numFailedTests = 0 } = fs.existsSync(report)
  ? JSON.parse(fs.readFileSync(report, 'utf8'))
  : {}
fs.rmSync(path.dirname(report), { recursive: true, force: true })
console.log(`${numPassedTests} passed, ${Math.max(numFailedTests, status === 0 ? 0 : 1)} failed`)
process.exitCode = status
