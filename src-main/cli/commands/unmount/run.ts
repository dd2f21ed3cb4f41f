import { unmountNamed } from '../../../engine'
import { parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { Output } from '../../output'
import { unmount } from './definition'

/** `isolde unmount IMAGE|DIR …` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(unmount, args)
  if (positionals.length === 0) throw new UsageError('Name the image or the folder.', 'unmount')
  const output = new Output()
  for (const named of positionals) {
    if (named === '') throw new UsageError('What is to be unmounted has an empty name.', 'unmount')
    for (const mountPoint of await unmountNamed(named)) {
      if (values.json !== true) continue
      output.line(JSON.stringify({ mountPoint, status: 'unmounted' }))
      output.flush()
    }
  }
  return EXIT.ok
}
