// `npm test`: every suite, one after another, and one line at the end that adds them up.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { run, runTool } from './run.mjs'
import { prepareValidators } from './validators.mjs'

const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-reports-'))
process.on('exit', () => fs.rmSync(reports, { recursive: true, force: true }))
// Hundreds of tests start the program with a profile of its own, whose cache of compiled code is empty: they share one.
process.env.NODE_COMPILE_CACHE = path.join(reports, 'compile-cache')

const totals = { passed: 0, failed: 0, skipped: 0 }
const lines = []
/** Names of what failed, said once more at the end: the place itself is thousands of lines above. */
const failures = []
const started = Date.now()

function note(name, passed, failed, skipped = 0) {
  totals.passed += passed
  totals.failed += failed
  totals.skipped += skipped
  lines.push(`  ${name.padEnd(10)} ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
}

/** A step that either succeeds or not counts as one test. */
async function step(name, work) {
  console.log(`\n▸ ${name}`)
  const isWell = (await work()) === 0
  if (!isWell) failures.push(`${name}: see above`)
  note(name, isWell ? 1 : 0, isWell ? 0 : 1)
  return isWell
}

async function vitest(project) {
  console.log(`\n▸ ${project}`)
  const file = path.join(reports, `${project}.json`)
  const status = await runTool('vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  const report = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null
  for (const { name, assertionResults = [], message } of report?.testResults ?? []) {
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    const place = path.relative(process.cwd(), name)
    for (const { fullName, failureMessages } of failed)
      failures.push(`${place}: ${fullName}\n    ${failureMessages?.[0]?.split('\n', 4).join('\n    ') ?? ''}`)
    if (failed.length === 0 && message) failures.push(`${place}: ${message.split('\n', 1)[0]}`)
  }
  const passed = report?.numPassedTests ?? 0
  // A file that does not even load has no failed test in it, yet the run has failed.
  const failed = report ? Math.max(report.numFailedTests, status === 0 ? 0 : 1) : 1
  note(project, passed, failed, (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0))
}

async function e2e() {
  console.log('\n▸ e2e')
  const file = path.join(reports, 'e2e.json')
  const status = await run(process.execPath, ['scripts/e2e.mjs'], { env: { ...process.env, ISOLDE_E2E_REPORT: file } })
  const stats = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).stats : null
  const passed = stats?.expected ?? 0
  const failed = stats ? Math.max(stats.unexpected, status === 0 ? 0 : 1) : 1
  note('e2e', passed, failed, stats?.skipped ?? 0)
}

console.log('\n▸ validators')
prepareValidators()
if (await step('build', () => runTool('electron-vite', ['build', '--logLevel', 'warn']))) {
  await step('check', () => run(process.execPath, ['scripts/check.mjs']))
  for (const project of ['unit', 'reading', 'hostile', 'ways', 'faults', 'author', 'corpus']) await vitest(project)
  await step('fuzz', () => run(process.execPath, ['scripts/fuzz.mjs', '--runs', '2000', '--seed', '1']))
  await e2e()
}

if (failures.length > 0) console.log(`\nFailed:\n  ${failures.join('\n  ')}`)
console.log(`\n${lines.join('\n')}\n  in ${Math.round((Date.now() - started) / 1000)} s`)
console.log(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
)
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0
