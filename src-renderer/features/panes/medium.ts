/** A kind of disc and what fits on it. */
export interface Medium {
  name: string
  byteLength: number
}

const MEDIA: readonly Medium[] = [
  { name: 'CD', byteLength: 737_280_000 },
  { name: 'DVD', byteLength: 4_707_319_808 },
  { name: 'DVD DL', byteLength: 8_543_666_176 },
  { name: 'BD', byteLength: 25_025_314_816 },
  { name: 'BD DL', byteLength: 50_050_629_632 },
  { name: 'BD XL', byteLength: 128_001_769_472 },
]

/** The smallest disc that so many bytes fit on; larger images are measured by themselves. */
export function mediumFor(byteLength: number): Medium {
  return MEDIA.find((medium) => byteLength <= medium.byteLength) ?? { name: '', byteLength: Math.max(1, byteLength) }
}
