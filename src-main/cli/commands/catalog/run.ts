import path from 'node:path'
import { exportCatalog } from '../../../engine'
import { parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { watchInterrupts } from '../../interrupts'
import { Output, plural } from '../../output'
import { catalog } from './definition'

/** `isolde catalog export FOLDER [--json]`: everything that the catalog knows, for programs that analyse tables. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(catalog, args)
  const [verb, target, ...more] = positionals
  if (verb !== 'export') throw new UsageError('Say what to do with the catalog: export.', 'catalog')
  if (target === undefined || target === '' || more.length > 0)
    throw new UsageError('Name one folder to export to.', 'catalog')
  const stop = watchInterrupts()
  try {
    const control = { checkpoint: () => stop.checkpoint(), progress: () => undefined }
    const exported = await exportCatalog(path.resolve(target), control)
    const output = new Output()
    if (values.json === true) output.line(JSON.stringify(exported))
    else {
      const { images, rows } = exported
      output.line(`${target}: ${plural(images, 'image')}, ${(rows.entries ?? 0).toLocaleString('en')} entries`)
    }
    output.flush()
    return EXIT.ok
  } finally {
    stop.end()
  }
}
