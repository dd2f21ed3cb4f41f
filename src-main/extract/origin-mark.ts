import type * as ChildProcess from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/**
 * Where a file says that it came from the network: `Zone.Identifier` on Windows, `com.apple.quarantine` on macOS,
 * `user.xdg.origin.url` on Linux. What is taken out of a downloaded image was downloaded too, and systems that warn
 * about such files should go on doing so.
 */
export interface OriginMark {
  /** Attribute or stream name → value. */
  values: Record<string, string>
}

const LINUX_PATTERN = String.raw`^user\.xdg\.(origin|referrer)\.url$`
const MAC_NAME = 'com.apple.quarantine'
const STREAM = 'Zone.Identifier'
/** A mark is a line or two; whatever is longer is none. */
const VALUE_LIMIT = 8192

/**
 * The mark of an image file; null where it has none, or where it cannot be read: Node has no extended attributes, so on
 * Linux this needs the programs of the `attr` package.
 */
export async function readOriginMark(
  imagePath: string,
  platform: NodeJS.Platform = process.platform,
): Promise<OriginMark | null> {
  const values: Record<string, string> = {}
  if (platform === 'win32') note(values, STREAM, readStream(`${imagePath}:${STREAM}`))
  else if (platform === 'darwin') note(values, MAC_NAME, await outputOf('xattr', ['-p', MAC_NAME, imagePath]))
  else if (platform === 'linux') {
    // One start of the program for both: it takes longer than everything else about a small image.
    const options = ['--absolute-names', '-d', '-e', 'base64', '-m', LINUX_PATTERN]
    const dump = await outputOf('getfattr', [...options, '--', imagePath])
    for (const [, name = '', value = ''] of (dump ?? '').matchAll(/^([\w.]+)=0s([\w+/=]*)$/gm))
      note(values, name, Buffer.from(value, 'base64').toString())
  }
  return Object.keys(values).length > 0 ? { values } : null
}

/**
 * Puts the mark on files, before they get their final names.
 * @param files paths of regular files; on Linux one program marks them all
 * @returns whether every file has it now
 */
export function applyOriginMark(
  mark: OriginMark,
  files: readonly string[],
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (files.length === 0) return true
  if (platform === 'win32') return files.every((file) => writeStream(`${file}:${STREAM}`, mark.values[STREAM] ?? ''))
  if (platform === 'darwin')
    return inPieces(files, 200).every(
      (piece) =>
        childProcess().spawnSync('xattr', ['-w', MAC_NAME, mark.values[MAC_NAME] ?? '', ...piece], { stdio: 'ignore' })
          .status === 0,
    )
  const restored = childProcess().spawnSync('setfattr', ['--restore=-'], {
    input: attributeDump(mark, files),
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return restored.status === 0
}

/** What `setfattr --restore` reads: a block for each file, names escaped in octal. */
export function attributeDump(mark: OriginMark, files: readonly string[]): string {
  const lines = Object.entries(mark.values).map(([name, value]) => `${name}=0s${Buffer.from(value).toString('base64')}`)
  return files.map((file) => `# file: ${escapedPath(file)}\n${lines.join('\n')}\n\n`).join('')
}

function escapedPath(file: string): string {
  return file.replace(/[\\\n\r]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

function note(values: Record<string, string>, name: string, value: string | null): void {
  if (value !== null && value !== '' && value.length <= VALUE_LIMIT) values[name] = value
}

/** Loaded when there is something to start: that takes longer than planning a small image. */
const childProcess = (): typeof ChildProcess => process.getBuiltinModule('node:child_process')

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, program)))
}

function outputOf(program: string, args: string[]): Promise<string | null> {
  if (!isInstalled(program)) return Promise.resolve(null)
  return new Promise((resolve) => {
    childProcess().execFile(program, args, (error, output) => {
      resolve(error ? null : output.replace(/\n$/, ''))
    })
  })
}

function readStream(streamPath: string): string | null {
  try {
    return fs.readFileSync(streamPath, 'utf8')
  } catch {
    return null
  }
}

function writeStream(streamPath: string, value: string): boolean {
  try {
    fs.writeFileSync(streamPath, value)
    return true
  } catch {
    return false
  }
}

function inPieces(files: readonly string[], length: number): (readonly string[])[] {
  return Array.from({ length: Math.ceil(files.length / length) }, (_, i) => files.slice(i * length, (i + 1) * length))
}
