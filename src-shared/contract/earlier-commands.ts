type Said = Record<string, unknown>

/** Commands that earlier versions had for each kind of job, and what they are told as now. */
const EARLIER: Record<string, (said: Said) => Said> = {
  'job.extract': ({ format, smart, rename, conflicts, password, ...spec }) =>
    format === 'zip' || format === '7z'
      ? { kind: 'archive', spec: { ...spec, format, password } }
      : { kind: 'extract', spec: { ...spec, smart, rename, conflicts } },
  'job.convert': (spec) => ({ kind: 'convert', spec }),
  'job.verify': (spec) => ({ kind: 'verify', spec }),
  'job.copy': ({ move, ...spec }) => ({ kind: move === true ? 'move' : 'copy', spec }),
}

/**
 * A command as it is called now. Pages that were open while the program was replaced, and scripts written against the
 * loopback page, go on saying it as they did.
 */
export function asCalledNow(name: string, input: unknown): { name: string; input: unknown } {
  const told = Object.hasOwn(EARLIER, name) ? EARLIER[name] : undefined
  const isObject = typeof input === 'object' && input !== null
  if (told === undefined) return { name, input }
  // What says nothing is refused as what it asks for is.
  return { name: 'job.start', input: isObject ? told(input as Said) : input }
}
