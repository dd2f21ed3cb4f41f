// `npm run soak [-- --seconds N]`: see tests/soak/soak.mjs.
import './run.mjs'

await import('../tests/soak/soak.mjs')
