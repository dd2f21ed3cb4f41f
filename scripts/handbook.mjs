// `npm run handbook`: writes the pictures of docs/handbook, as the window looks while its pages' steps are taken.
import { run } from './run.mjs'

const spec = 'tests/e2e/handbook.web.spec.ts'
const env = { ...process.env, ISOLDE_HANDBOOK: 'write' }
process.exitCode = await run(process.execPath, ['scripts/e2e.mjs', spec, '-g', 'steps'], { env })
