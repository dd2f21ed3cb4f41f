// `npm run bench`: see tests/bench/run.mjs.
import './run.mjs'

await import('../tests/bench/run.mjs')
