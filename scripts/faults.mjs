// `npm run test:faults -- ARGS`: the fault suite at every moment; `npm test` tries a sample of them.
import { runTool } from './run.mjs'

process.env.ISOLDE_FAULTS = 'all'
process.exit(await runTool('vitest', ['run', '--project', 'faults', ...process.argv.slice(2)]))
