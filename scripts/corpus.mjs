// npm run corpus -- DIR: checks the reader against the images in a folder that has an INDEX.tsv, truth/ and images/,
// besides the project's own. Without DIR, those alone (and ../shared/corpus where it is there).
import path from 'node:path'
import { runTool } from './run.mjs'

const folder = process.argv[2]
const env = folder === undefined ? process.env : { ...process.env, ISOLDE_CORPUS: path.resolve(folder) }
process.exitCode = await runTool('vitest', ['run', '--project', 'corpus'], { env })
