export interface Edition {
  name: string
  build: number
  arch: number
  type?: string
}

/** The beginning of a .wim with its XML behind the header: all that tells what it holds. */
export function wim(editions: readonly Edition[]): Uint8Array {
  const images = editions.map(
    ({ name, build, arch, type }, index) =>
      `<IMAGE INDEX="${index + 1}"><DISPLAYNAME>${name}</DISPLAYNAME><WINDOWS><ARCH>${arch}</ARCH><EDITIONID>X</EDITIONID>${
        type === undefined ? '' : `<INSTALLATIONTYPE>${type}</INSTALLATIONTYPE>`
      }<VERSION><MAJOR>10</MAJOR><MINOR>0</MINOR><BUILD>${build}</BUILD><SPBUILD>1</SPBUILD></VERSION></WINDOWS></IMAGE>`,
  )
  const xml = Buffer.from(`\uFEFF<WIM>${images.join('')}</WIM>`, 'utf16le')
  const header = Buffer.alloc(208)
  header.write('MSWIM\0\0\0', 'latin1')
  header.writeBigUInt64LE(BigInt(xml.byteLength), 0x48)
  header.writeBigUInt64LE(208n, 0x50)
  return Buffer.concat([header, xml])
}
