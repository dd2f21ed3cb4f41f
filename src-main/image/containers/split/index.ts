import { because } from '../../../../src-shared/model'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { sureIf } from '../../core/likelihood'
import type { Container } from '../container'
import { nextPartNames, openParts, type Parts } from './split'

/** A file in parts that lie beside one another, each named by its number. */
export const split: Container = {
  id: 'split',
  probe: ({ name }) => sureIf(nextPartNames(name) !== null),
  open: async (source, { name, options, log }) => {
    const parts = options.openSibling === undefined ? null : await openParts(source, name, options.openSibling)
    if (parts === null) return null
    if (parts.beyond !== null) reportMissing(parts, parts.beyond, log)
    if (parts.uneven !== null) reportUneven(parts.uneven, log)
    const isOne = parts.source === null
    return {
      blocks: parts.source ?? source,
      labels: isOne ? [] : ['split'],
      name: name.replace(/\.(?:\d+|a+)$/, ''),
      nextPart: parts.next,
    }
  },
}

function reportMissing({ next: missing, isNextEmpty }: Parts, beyond: string, log: DiagnosticLog): void {
  log.damage(
    'PART_MISSING',
    `“${missing}” is ${isNextEmpty ? 'empty' : 'missing'}, though the set of parts goes on with “${beyond}”: what lies from there on cannot be read. Put it beside the others.`,
    undefined,
    because('partMissing', { name: missing }),
  )
}

/** Every byte behind such a part would be taken from the wrong place, and nothing else would show it. */
function reportUneven({ name, byteLength, firstByteLength }: NonNullable<Parts['uneven']>, log: DiagnosticLog): void {
  log.damage(
    'PART_LENGTH',
    `“${name}” has ${byteLength} bytes where the first part has ${firstByteLength}: a part is cut short, or they are in the wrong order. What lies behind it is not where it should be. Get the parts again.`,
  )
}
