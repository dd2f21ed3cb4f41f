/** Endings of what Isolde opens like a folder. Judged by the name only: opening tells the truth. */
const IMAGE_NAME =
  /\.(?:iso|udf|img|ima|bin|cue|toc|gdi|ccd|mds|mdf|nrg|cso|ciso|zso|isz|toast|cdr|dvd|efi\.img|iso\.(?:\d{1,3}|gz|xz|zst|bz2)|img\.(?:gz|xz|zst|bz2)|iso\.001|001)$/i
const OPTICAL_DEVICE = /^(?:sr\d+|cdrom\d*|dvd\d*)$/

export function looksLikeImage(name: string): boolean {
  return IMAGE_NAME.test(name) || OPTICAL_DEVICE.test(name)
}
