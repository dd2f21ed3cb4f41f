/** What recordable discs hold, in blocks of 2048 bytes. */
export const MEDIA = {
  'cd-74': 333_000,
  'cd-80': 359_847,
  'dvd-r': 2_298_496,
  'dvd+r': 2_295_104,
  'dvd-r-dl': 4_171_712,
  'dvd+r-dl': 4_173_824,
  'bd-25': 12_219_392,
  'bd-50': 24_438_784,
  'bd-100': 48_878_592,
  'bd-128': 62_500_864,
} as const satisfies Record<string, number>
export type MediaName = keyof typeof MEDIA
