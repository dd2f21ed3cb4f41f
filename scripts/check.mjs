// Everything that can be said about the sources without running them.
import { runTool } from './run.mjs'

const steps = [
  ['types', process.execPath, ['scripts/check-types.mjs']],
  ['imports', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src-main', 'src-shared', 'src-renderer']],
  ['lint', 'eslint', ['.', '--max-warnings', '0']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
]
let failed = 0
for (const [name, program, args] of steps) {
  console.log(`\n▸ ${name}`)
  const status =
    program === process.execPath ? await (await import('./run.mjs')).run(program, args) : await runTool(program, args)
  if (status !== 0) failed++
}
console.log(failed === 0 ? '\nAll checks pass.' : `\n${failed} of ${steps.length} checks fail.`)
process.exitCode = failed === 0 ? 0 : 1
