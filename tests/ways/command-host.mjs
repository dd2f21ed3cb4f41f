// Runs the built command again and again in one process: the same code and descriptors as `bin/isolde.mjs`, without the
// start of a program each time. Told what to run by messages; what is printed ends with the mark that came along.
import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const CLI = new URL('../../dist/main/cli.js', import.meta.url)
let runs = 0

process.on('message', ({ args, mark }) => void run(args, Buffer.from(mark, 'hex')))

async function run(args, mark) {
  process.argv = [process.execPath, fileURLToPath(CLI), ...args]
  process.exitCode = undefined
  // The command is a module that runs when it is loaded: under another name it is loaded, and runs, once more.
  const problem = await import(`${CLI.href}?run=${runs++}`).then(
    () => null,
    (error) => String(error),
  )
  for (let at = 0; at < mark.byteLength;) at += writeMark(mark, at)
  process.send({ status: Number(process.exitCode ?? 0), problem })
}

function writeMark(mark, at) {
  try {
    return writeSync(1, mark, at)
  } catch (error) {
    if (error.code !== 'EAGAIN') throw error
    return 0
  }
}
