// Where `electron` is the stand-in, and the stand-in's own files find each other without endings.
import { registerHooks } from 'node:module'

const folder = new URL('./', import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'electron') return { url: `${folder}electron.ts`, shortCircuit: true }
    const isOwn = context.parentURL?.startsWith(folder) && specifier.startsWith('.') && !/\.m?[jt]s$/.test(specifier)
    return next(isOwn ? `${specifier}.ts` : specifier, context)
  },
})
