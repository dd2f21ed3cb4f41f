/**
 * Names of lists of sums, without folder: `md5sum.txt`, `SHA256SUMS`, `CHECKSUMS`, `CHECKSUMS.md5`, `SHA512`, `MANIFEST`,
 * `B2SUMS`. Those of algorithms that nothing here makes are lists too: somebody has to say that they are not compared.
 */
const LIST_NAME =
  /^(?:(?:md5|sha1|sha224|sha256|sha384|sha512|b2|blake2b?|sha3(?:-?\d+)?|sha512-\d+|rmd160|whirlpool)(?:sums?)?|checksums?|manifest)(?:[.-](?:md5|sha1|sha224|sha256|sha384|sha512))?(?:\.txt)?(?:\.asc|\.gpg)?$/i
/** Signed lists are lists; signatures alone have the same names. */
const SIGNED = /\.(?:asc|gpg)$/i
/** Simple file verification: CRC-32, as programs for Windows write it. */
export const SFV = /\.sfv$/i
/** Sums of other files beside them: `rootfs.squashfs.md5`. */
export const LIST_EXTENSION = /\.(?:md5|sha1|sha224|sha256|sha384|sha512|b2|blake2b)(?:sums?)?$/i

/** Whether a file of this name holds sums of others. A `MANIFEST` may be something else: its lines tell. */
export function isSumListName(name: string): boolean {
  return LIST_NAME.test(name) || LIST_EXTENSION.test(name) || SFV.test(name)
}

/** Whether a list of this name speaks of many files, and not of the one that it is named after. */
export function isListOfMany(name: string): boolean {
  return LIST_NAME.test(name)
}

/** Whether a file of this name may hold no sums and be none the worse: a signature, or a manifest of another kind. */
export function mayHoldNone(name: string): boolean {
  return SIGNED.test(name) || !(SFV.test(name) || /sum|md5|sha/i.test(name))
}

/** A word that says sums, in a name that says more: `SHASUMS256`, `Fedora-CHECKSUM`, `x.iso.DIGESTS`, `md5sum-all`. */
const SUM_WORD =
  /^(?:(?:md5|sha\d*|b2|b3|blake[23][bs]?|crc32|rmd160|whirlpool)(?:sums?|hash(?:es)?|digests?)?\d*|(?:check|hash)sums?|digests|hashes)$/i
/** What a list of sums may end in, when it is text. */
const TEXT = /\.(?:txt|text|lst|list|sums?|readme|asc|gpg)$/i
const README = /read-?me/i

/**
 * Whether a file of this name may hold sums of others, which only its lines tell: one of its words says so, and it ends in
 * nothing that says that it is something else (`md5sum.exe`).
 */
export function mayBeSumList(name: string): boolean {
  let stem = name
  while (TEXT.test(stem)) stem = stem.replace(TEXT, '')
  const words = stem.slice(stem.lastIndexOf('.') + 1).split(/[-_ ]/)
  // Behind a full stop it has to be the last: `Fedora-39-1.5-CHECKSUM`, but not `sha256-1.2-notes.c`.
  return (stem.includes('.') ? words.slice(-1) : words).some((word) => SUM_WORD.test(word))
}

/** Whether a file of such a name is nothing odd where its lines are no list's: it only writes about sums. */
export function mayOnlyMention(name: string): boolean {
  return README.test(name)
}
