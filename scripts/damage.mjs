// npm run damage -- --runs N --seed S [FOLDER…]: damages images in one place each (a bit, a sector, a cut) and looks whether
// extraction and verify say so wherever files come out other than they were. FOLDERs hold more images (.iso, .img, .zst).
import { decodersPlugin } from './decoders-plugin.mjs'
import { root } from './run.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const runs = flag('runs', 1000)
const first = flag('seed', 1)
const named = process.argv.slice(2).filter((word, at, all) => !word.startsWith('--') && !all[at - 1]?.startsWith('--'))
const folders = [`${root}/tests/images`, ...named]
const { runnerImport } = await import('vite')
const { module } = await runnerImport(`${root}/tests/damage/damage-run.ts`, {
  configFile: false,
  root,
  plugins: [decodersPlugin()],
  logLevel: 'error',
})
const seen = { differs: 0, beyond: 0, names: 0, silent: 0 }
for (let seed = first; seed < first + runs; seed++) {
  const outcome = await module.damageOnce(seed, folders)
  if (outcome.differs) seen.differs++
  if (outcome.isBeyondProof) seen.beyond++
  if (outcome.isLoneName) seen.names++
  if (outcome.problem === null) continue
  seen.silent++
  console.log(`seed ${seed}: ${outcome.image}: ${outcome.problem}`)
}
console.log(
  `${runs} damages from seed ${first}: ${seen.differs} changed files (${seen.beyond} of them nothing but bytes that no sum covers, ${seen.names} a letter of a name that nothing repeats), ${seen.silent} silently`,
)
process.exitCode = seen.silent > 0 ? 1 : 0
