import { defineCommand, IMAGE_OPTIONS } from '../../command'

export const verify = defineCommand({
  name: 'verify',
  operands: 'IMAGE …',
  summary: 'every check that an image carries, or that lies beside it',
  about: [
    'Makes every check that the image carries: its length, its directories, the MD5 sum implanted by implantisomd5, the sums that libisofs writes, lists of sums (md5sum.txt, SHA256SUMS, …) and the sums in .treeinfo, and of Windows images the SHA-1 of every file.',
    'What a repository of packages in the image (dists/…/Release, repodata/repomd.xml) has sums of is checked as well, and the sums of SUSE’s tagmedia.',
    'Lists of sums that lie beside the image (x.iso.sha256, SHA256SUMS, *-CHECKSUM) are compared with the whole of it, and so is the sum that --sum gives; a torrent, metalink or zsync file there tells piece by piece. With error correction of dvdisaster in it or beside it (x.ecc), every sector is compared with the sum that has of it.',
    'Signatures over the image, over those lists and over lists in the image are checked as well. A signature is genuine only by a key that is named by --key, or that the system itself trusts: a key that comes with an image proves nothing.',
  ],
  options: {
    sum: {
      type: 'string',
      value: 'HEX|FILE',
      about:
        'what the whole file must give: a sum in hexadecimal (MD5 to SHA-512, told by its length), or a list of sums',
    },
    signature: {
      type: 'string',
      value: 'FILE',
      takes: 'file',
      about: 'a signature over the image, or over a list that has its sum (OpenPGP, signify, minisign)',
    },
    key: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      takes: 'file',
      about: 'public keys that count, beside those that the system takes its packages by; may be repeated',
    },
    'no-beside': { type: 'boolean', about: 'look for no lists of sums and no signatures beside the image' },
    deep: { type: 'boolean', about: 'look into ZIP, gzip and PNG files as well, by the CRCs in them' },
    map: {
      type: 'string',
      value: 'OUT',
      about: 'write a map of its bytes in the form of ddrescue: + is proven or present, / suspect, - bad, ? missing',
    },
    report: { type: 'string', value: 'OUT', about: 'write everything into a file: a page (.html), or JSON' },
    json: {
      type: 'boolean',
      about: 'one JSON object for each image: the checks, each with its verdict, and the verdict of all',
    },
    quiet: { type: 'boolean', short: 'q', about: 'only what did not pass' },
    ...IMAGE_OPTIONS,
  },
  examples: [
    ['verify download.iso', 'is it whole? Exit status 0 says so'],
    ['verify download.iso --key maker.asc', 'is it genuine?'],
    ['verify download.iso --sum 9f86d081884c7d65…', 'is it what its maker’s page says?'],
  ],
})
