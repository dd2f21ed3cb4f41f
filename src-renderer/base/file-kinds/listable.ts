/** Archives whose names can be listed, by their own names. */
export const ARCHIVE_NAMES = {
  sevenZip: /\.7z$/i,
  cab: /\.cab$/i,
  ar: /\.(deb|udeb|ipk|a)$/i,
  tar: /\.(tar|ova|cbt)$/i,
  packedTar: /\.(tgz|tar\.gz)$/i,
  gzip: /\.gz$/i,
  zip: /\.(zip|jar|apk|epub|xpi|odt|ods|odp|docx|xlsx|pptx|cbz|war|ipa|whl|nupkg|vsix)$/i,
}

/** Whether the names in a file can be listed. */
export function isListable(name: string): boolean {
  return Object.values(ARCHIVE_NAMES).some((names) => names.test(name))
}
