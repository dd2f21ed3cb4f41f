import { BurnError } from './burn-error'

export const SECTOR_LENGTH = 2048

/** What lies in a burner. */
export interface Medium {
  /** As the program calls it: `CD-R`, `DVD+RW`, `BD-RE`; empty where it does not say. */
  kind: string
  /** `written`: with something on it, whether more could be added or not. */
  state: 'none' | 'blank' | 'written' | 'unknown'
  /** It can be written again, once it is emptied or at once. */
  isRewritable: boolean
  /** For an image that begins at its start, in bytes; null where nobody knows. */
  roomBytes: number | null
  /** The speeds at which it can be written, in kB/s, slowest first. */
  speeds: number[]
}

const REWRITABLE = /\b(?:CD-RW|DVD[-+]RW|DVD-RAM|BD-RE)\b|overwriteable/i

/** xorriso(1): what `-toc` and `-list_speeds` print. */
export function readXorrisoMedium(text: string): Medium {
  const kind = /^Media current: (.*)$/m.exec(text)?.[1]?.trim() ?? ''
  const status = /^Media status : (.*)$/m.exec(text)?.[1] ?? ''
  const isNone = kind === '' || /not present|not recogni[sz]able/i.test(`${kind} ${status}`)
  const state = isNone
    ? 'none'
    : status.includes('is blank')
      ? 'blank'
      : /is written|is closed/.test(status)
        ? 'written'
        : 'unknown'
  const [, writable, overall] = /^Media blocks : .*?(\d+) writable , (\d+) overall/m.exec(text) ?? []
  const isRewritable = REWRITABLE.test(kind)
  // What is written over counts whole; of a closed disc that is emptied first, nobody knows until then.
  const blocks = state === 'blank' ? writable : /overwriteable|DVD\+RW|DVD-RAM|BD-RE/i.test(kind) ? overall : undefined
  return {
    kind: isNone ? '' : kind.replace(/\s*,.*$/, ''),
    state,
    isRewritable,
    roomBytes: blocks === undefined ? null : Number(blocks) * SECTOR_LENGTH,
    speeds: speedsIn(text, /^Write speed\s*:\s*(\d+)k/gm),
  }
}

/** cdrskin(1): what `-minfo` and, with another run, `--tell_media_space` print. @param space blocks that are free */
export function readCdrskinMedium(text: string, space: string): Medium {
  const kind = /^Mounted media type:\s*(.*)$/m.exec(text)?.[1]?.trim() ?? ''
  const status = /^disk status:\s*(.*)$/m.exec(text)?.[1]?.trim() ?? ''
  const isErasable = /^Disk Is erasable$/m.test(text) || REWRITABLE.test(kind)
  const blocks = /^\s*(\d+)\s*$/m.exec(space)?.[1]
  const isBlank = status === 'empty' || (text.includes('holds a blank disc') && status === '')
  return {
    kind,
    state: kind === '' ? 'none' : isBlank ? 'blank' : status === '' ? 'unknown' : 'written',
    isRewritable: isErasable,
    roomBytes: blocks === undefined || Number(blocks) === 0 ? null : Number(blocks) * SECTOR_LENGTH,
    speeds: speedsIn(text, /^\s*1T speed (?:low|high):\s*(\d+)/gm).map((times) => Math.round(times * 176.4)),
  }
}

/** Whether a program that failed says that it was for want of a disc, as all of them word it. */
export function saysNoDisc(text: string): boolean {
  return /no (?:media|medium|disk|disc)\b|wrong disk|(?:is|medium) not present|not recogni[sz]able/i.test(text)
}

function speedsIn(text: string, pattern: RegExp): number[] {
  const found = new Set([...text.matchAll(pattern)].map(([, number]) => Number(number)).filter((number) => number > 0))
  return [...found].sort((a, b) => a - b)
}

/**
 * That a disc can take an image, before anything is written to it.
 * @param byteLength of the image
 * @param isBlanked what is on it may go
 * @throws {BurnError} `NO_MEDIUM`, `NOT_BLANK`, `DRIVE_TOO_SMALL`
 */
export function assertFits(medium: Medium, drive: string, byteLength: number, isBlanked: boolean): void {
  const { kind, state, isRewritable, roomBytes } = medium
  if (state === 'none') throw new BurnError('NO_MEDIUM', `There is no disc in ${drive}. Put an empty one in.`)
  if (state === 'written' && !isRewritable)
    throw new BurnError(
      'NOT_BLANK',
      `The disc in ${drive} (${kind}) is written already, and only once. Put an empty one in.`,
    )
  if (state === 'written' && !isBlanked)
    throw new BurnError('NOT_BLANK', `The disc in ${drive} (${kind}) has something on it. To lose that, say --blank.`)
  if (roomBytes !== null && byteLength > roomBytes)
    throw new BurnError(
      'DRIVE_TOO_SMALL',
      `The disc in ${drive} has room for ${roomBytes} bytes, and ${byteLength} are needed. Use a larger one.`,
    )
}
