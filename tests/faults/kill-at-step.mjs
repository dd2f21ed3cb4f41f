// Loaded before the engine, and with it into each of its threads: ends the process right before or after the n-th step that
// changes names below one of the folders that a test watches.
import fs from 'node:fs'

const { KILL_AT, KILL_WHEN, KILL_IN } = process.env
const folders = (KILL_IN ?? '').split('\n')
let step = 0

const isWatched = (values) =>
  values.some((value) => typeof value === 'string' && folders.some((folder) => realOf(value).startsWith(folder)))

/** A folder may be named by an open handle. */
function realOf(value) {
  const [, handle, rest] = /^(\/proc\/self\/fd\/\d+)(.*)$/.exec(value) ?? []
  return handle === undefined ? value : fs.readlinkSync(handle) + rest
}

function end() {
  process.kill(process.pid, 'SIGKILL')
  // The signal may take a moment, in which nothing more may be done.
  for (;;);
}

for (const name of ['renameSync', 'linkSync', 'unlinkSync', 'rmSync', 'rmdirSync', 'mkdirSync']) {
  const real = fs[name]
  fs[name] = (...values) => {
    const isNow = isWatched(values) && ++step === Number(KILL_AT)
    if (isNow && KILL_WHEN === 'before') end()
    const answer = real(...values)
    if (isNow) end()
    return answer
  }
}
