import { prewarmWriterThread } from '../../../engine/prewarm'
import { cleanPath, imageArgument, locationOptions, parse } from '../../arguments'
import { UsageError } from '../../exit-status'
import { passwordOf } from '../../password'
import { extract } from './definition'

/** `isolde extract IMAGE [PATH…]`: plan, write under temporary names, move in. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(extract, args)
  const imagePath = imageArgument('extract', positionals)
  const paths = positionals.slice(1).map(cleanPath)
  // “Extract Here” never overwrites and never asks: what is taken gets a number.
  const policy = values['on-conflict'] ?? (values.here === true ? 'rename' : 'fail')
  if (values.here && values.to !== undefined) throw new UsageError('Give either --here or --to, not both.', 'extract')
  const format = values.format ?? 'folder'
  if (values.xattrs && format !== 'folder')
    throw new UsageError('--xattrs is for folders: archives hold no extended attributes.', 'extract')
  const password = passwordOf(values['password-file'], format !== 'folder', 'extract')
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
      xattrs: values.xattrs === true,
    },
    report: values.json ? 'json' : values.quiet ? 'quiet' : 'words',
    progress: values.progress,
  })
}
