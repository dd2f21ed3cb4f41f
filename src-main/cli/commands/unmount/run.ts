import { unmountNamed } from '../../../engine'
import { parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { unmount } from './definition'

/** `isolde unmount IMAGE|DIR …` */
export async function run(args: string[]): Promise<number> {
  const { positionals } = parse(unmount, args)
  if (positionals.length === 0) throw new UsageError('Name the image or the folder.', 'unmount')
  for (const named of positionals) {
    if (named === '') throw new UsageError('What is to be unmounted has an empty name.', 'unmount')
    await unmountNamed(named)
  }
  return EXIT.ok
}
