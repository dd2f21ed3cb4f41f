// Everything that can be said about the sources without running them: the linter beside everything else, which together
// takes as long as it does.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { run, runTool } from './run.mjs'

const BESIDE = ['lint', () => runTool('eslint', ['.', '--max-warnings', '0'], { stdio: ['ignore', aside, aside] })]
const STEPS = [
  ['types', () => run(process.execPath, ['scripts/check-types.mjs'])],
  [
    'imports',
    () => runTool('depcruise', ['--config', '.dependency-cruiser.cjs', 'src-main', 'src-shared', 'src-renderer']),
  ],
  ['format', () => runTool('prettier', ['--check', '--log-level', 'warn', '.'])],
]

// What is said beside is shown afterwards, so that no lines mix.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-check-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
const said = path.join(folder, 'said.txt')
const aside = fs.openSync(said, 'w')

let failed = 0
const [besideName, startBeside] = BESIDE
const beside = startBeside()
for (const [name, check] of STEPS) {
  console.log(`\n▸ ${name}`)
  if ((await check()) !== 0) failed++
}
if ((await beside) !== 0) failed++
console.log(`\n▸ ${besideName}\n${fs.readFileSync(said, 'utf8')}`)
console.log(failed === 0 ? 'All checks pass.' : `${failed} of ${STEPS.length + 1} checks fail.`)
process.exitCode = failed === 0 ? 0 : 1
