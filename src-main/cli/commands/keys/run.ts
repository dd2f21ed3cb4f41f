import { keyStore, type StoredKey } from '../../../engine'
import { parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { Output, showable, warn } from '../../output'
import { keys } from './definition'

/** `isolde keys list|add|remove`: the keys that count. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(keys, args)
  const [action, ...operands] = positionals
  const output = new Output()
  const report = (key: StoredKey, done: string): void => {
    const { fingerprint, owner, kind } = key
    if (values.json === true) output.line(JSON.stringify({ fingerprint, owner, kind }))
    else output.line(`${done}${fingerprint}  ${showable(owner)}`)
  }
  const store = keyStore()
  let status: number = EXIT.ok
  switch (action) {
    case 'list':
      if (operands.length > 0) throw new UsageError('“keys list” takes nothing more.', 'keys')
      for (const key of await store.list()) report(key, '')
      break
    case 'add':
      if (operands.length === 0) throw new UsageError('Name the file that holds the key.', 'keys')
      for (const file of operands) {
        const added = await store.add(file)
        if (added.length === 0) {
          warn(`“${file}” holds no public key of OpenPGP, signify or minisign.`)
          status = EXIT.damaged
        }
        for (const key of added) report(key, 'added  ')
      }
      break
    case 'remove':
      if (operands.length === 0)
        throw new UsageError('Say which key: the end of its fingerprint, eight digits or more.', 'keys')
      for (const digits of operands) {
        const removed = await store.remove(digits)
        if (removed === 'none' || removed === 'several') {
          const why = removed === 'none' ? 'No trusted key has' : 'Several trusted keys have'
          warn(`${why} a fingerprint that ends with “${digits}”. “isolde keys list” shows them.`)
          status = EXIT.damaged
        } else report(removed, 'removed  ')
      }
      break
    default:
      throw new UsageError('Say what to do: list, add or remove.', 'keys')
  }
  output.flush()
  return status
}
