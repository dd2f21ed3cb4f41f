import { z } from 'zod'
import { MEDIA } from '../../../src-shared/model'

const BLOCK = 2048

/** Discs as people buy them: of those that differ by a few blocks, what fits on all. */
export const DISCS = {
  'cd-74': MEDIA['cd-74'],
  'cd-80': MEDIA['cd-80'],
  dvd: Math.min(MEDIA['dvd-r'], MEDIA['dvd+r']),
  'dvd-dl': Math.min(MEDIA['dvd-r-dl'], MEDIA['dvd+r-dl']),
  'bd-25': MEDIA['bd-25'],
  'bd-50': MEDIA['bd-50'],
  'bd-100': MEDIA['bd-100'],
  'bd-128': MEDIA['bd-128'],
} as const
export const DISC_IDS = Object.keys(DISCS) as (keyof typeof DISCS)[]

/** What an image is to fit on; kept between starts. */
export const chosenDisc = z.object({
  disc: z.enum([...DISC_IDS, 'own']).default('dvd'),
  /** Of a size of one's own, in bytes. */
  byteLength: z.number().int().positive().default(4_000_000_000),
})
export type ChosenDisc = z.output<typeof chosenDisc>

/** In bytes. */
export function capacityOf({ disc, byteLength }: ChosenDisc): number {
  return disc === 'own' ? byteLength : DISCS[disc] * BLOCK
}

export interface Fit {
  /** How full the disc would be, 0–1; more where it does not fit. */
  share: number
  /** In bytes; negative: so much is too much. */
  left: number
}

/** How an image lies on a disc. @param byteLength of the image */
export function fitOf(byteLength: number, chosen: ChosenDisc): Fit {
  const capacity = capacityOf(chosen)
  return { share: byteLength / capacity, left: capacity - byteLength }
}

const UNITS = { '': 1, k: 1e3, m: 1e6, g: 1e9, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30 } as const
const LARGEST = 16e12

/** A size as it is typed, such as “700 MB” or “4.5 GiB”, in bytes; plain numbers are MB. Null for none. */
export function readSize(text: string): number | null {
  const found = /^\s*(\d+(?:[.,]\d+)?)\s*([kmg]i?)?b?\s*$/i.exec(text)
  if (found === null) return null
  const [, number = '', unit = 'm'] = found
  const bytes = Math.round(Number(number.replace(',', '.')) * UNITS[unit.toLowerCase() as keyof typeof UNITS])
  return bytes >= BLOCK && bytes <= LARGEST ? bytes : null
}
