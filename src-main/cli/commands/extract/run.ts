import fs from 'node:fs'
import { CONFLICT_POLICIES, explainReadError, type ConflictPolicy } from '../../../../src-shared/model'
import { prewarmWriterThread } from '../../../engine/prewarm'
import { cleanPath, imageArgument, locationOptions, parse } from '../../arguments'
import { UsageError } from '../../exit-status'
import type { ExtractionFormat } from '../../run-extraction'
import { extract } from './definition'

/** `isolde extract IMAGE [PATH…]`: plan, write under temporary names, move in. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(extract, args)
  const imagePath = imageArgument('extract', positionals)
  const paths = positionals.slice(1).map(cleanPath)
  const policy = policyOf(values['on-conflict'], values.here === true)
  if (values.here && values.to !== undefined) throw new UsageError('Give either --here or --to, not both.', 'extract')
  const format = formatOf(values.format)
  const password = passwordOf(values['password-file'], format)
  const isWhole = paths.length === 0 || paths.includes('')
  if (isWhole && format === 'folder') prewarmWriterThread(imagePath)
  const { runExtraction } = await import('../../run-extraction')
  return runExtraction({
    imagePath,
    location: locationOptions(values),
    view: values.view,
    selection: {
      paths: isWhole ? null : paths,
      ...(values.include ? { include: values.include } : {}),
      ...(values.exclude ? { exclude: values.exclude } : {}),
    },
    to: values.here ? 'here' : { folder: values.to ?? '.' },
    policy,
    format,
    password,
    isFlat: values.flat === true,
    attributes: {
      sparse: values.sparse === true,
      owners: values.owners === true,
      modes: values.modes === true,
    },
    report: values.json ? 'json' : values.quiet ? 'quiet' : 'words',
    progress: values.progress,
  })
}

function formatOf(value: string | undefined): ExtractionFormat {
  if (value === undefined || value === 'folder') return 'folder'
  if (value === 'zip' || value === '7z') return value
  throw new UsageError(`--format takes folder, zip or 7z; not “${value}”.`, 'extract')
}

/** From a file, or from ISOLDE_PASSWORD: an argument would be seen by everybody on this computer. */
function passwordOf(file: string | undefined, format: ExtractionFormat): string | undefined {
  if (file === undefined) {
    const password = format === 'folder' ? undefined : process.env.ISOLDE_PASSWORD
    if (password === '')
      throw new UsageError('ISOLDE_PASSWORD is set, but empty: the archive would lie open.', 'extract')
    return password
  }
  if (format === 'folder') throw new UsageError('Only a ZIP or 7z takes a password.', 'extract')
  const line = firstLine(file)
  if (line === '')
    throw new UsageError(
      `The first line of ${file} is empty, so there is no password: the archive would lie open.`,
      'extract',
    )
  return line
}

function firstLine(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? ''
  } catch (error) {
    const meaning = explainReadError(error, file)
    throw Object.assign(new Error(meaning.message), { code: meaning.code })
  }
}

function policyOf(value: string | undefined, here: boolean): ConflictPolicy {
  // “Extract Here” never overwrites and never asks: what is taken gets a number.
  if (value === undefined) return here ? 'rename' : 'fail'
  const known = CONFLICT_POLICIES.filter((policy) => policy !== 'ask')
  const found = known.find((policy) => policy === value)
  if (!found) throw new UsageError(`--on-conflict takes ${known.join(', ')}; not “${value}”.`, 'extract')
  return found
}
