// `node scripts/tool.mjs NAME ARGS …`: a tool of node_modules on a recent Node.
import { runTool } from './run.mjs'

const [name, ...args] = process.argv.slice(2)
process.exitCode = await runTool(name, args)
