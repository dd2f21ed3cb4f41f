import { findMounts } from '../../../engine'
import { parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { Output, showable } from '../../output'
import { mounts } from './definition'

/** `isolde mounts` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(mounts, args)
  const [more] = positionals
  if (more !== undefined) throw new UsageError(`“${more}” is one argument too many.`, 'mounts')
  const output = new Output()
  for (const found of await findMounts()) {
    const { mountPoint, path, inside, view } = found
    const told = [mountPoint, view, [path, ...inside].join(' › ')].map(showable).join('\t')
    output.line(values.json === true ? JSON.stringify(found) : told)
  }
  output.flush()
  return EXIT.ok
}
