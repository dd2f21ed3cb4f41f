// Loaded before the engine: the database's native code does not load in it, nor in any of its threads.
import { registerHooks } from 'node:module'

const source = `export default class { constructor() { throw Object.assign(new Error('invalid ELF header'), { code: 'ERR_DLOPEN_FAILED' }) } }`

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'better-sqlite3'
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
      : next(specifier, context),
})
