import { defineCommand, IMAGE_OPTIONS } from '../../command'

export const verify = defineCommand({
  name: 'verify',
  operands: 'IMAGE',
  summary: 'every check that the image carries',
  about: [
    'Makes every check that the image carries: its length, its directories, the MD5 sum implanted by implantisomd5, the sums that libisofs writes, lists of sums (md5sum.txt, SHA256SUMS, …) and the sums in .treeinfo.',
  ],
  options: {
    json: { type: 'boolean', about: 'one JSON object: the checks, each with its verdict, and the verdict of all' },
    quiet: { type: 'boolean', short: 'q', about: 'only what did not pass' },
    ...IMAGE_OPTIONS,
  },
  examples: [['verify download.iso', 'is it whole? Exit status 0 says so']],
})
