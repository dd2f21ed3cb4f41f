import { defineCommand, IMAGE_OPTIONS, QUIET } from '../../command'

export const convert = defineCommand({
  name: 'convert',
  operands: 'IMAGE OUT',
  summary: 'any container to a plain image, to sectors of a CD, or to parts',
  about: [
    'Writes the blocks inside any container as a plain image, and says what such an image cannot hold of it. OUT “-” writes them to standard output. The first of several parts is converted like one file: they are joined.',
    'Where OUT ends in .bin or .cue, both are written: the raw sectors of a CD with their sums and error correction (MODE1/2352), and the cue sheet.',
    'With --as iso the files of the image become a new one (ISO 9660 with Rock Ridge and Joliet, and UDF), read back before it has its name: of a .dmg those of HFS+ or APFS. An installer of Windows in one file (.esd) becomes the disc that it stands for, with sources/boot.wim and sources/install.esd. What is an archive of files and no disc (.wim, .esd, cpio) becomes an .iso in this way unasked.',
  ],
  options: {
    split: {
      type: 'string',
      value: 'LENGTH',
      about: 'in parts of so many bytes (K, M, G and T: powers of 1024), called OUT.001, OUT.002 and so on',
    },
    as: {
      type: 'string',
      value: 'WHAT',
      choices: ['blocks', 'iso'],
      about: 'blocks: what the container holds, as it is (the default for discs); iso: the files, as a new image',
    },
    'allow-damaged': {
      type: 'boolean',
      about: 'with --as iso: damaged files are left out; otherwise an image that has any is refused',
    },
    json: { type: 'boolean', about: 'with --as iso: one JSON object a line, as “isolde create” writes them' },
    quiet: QUIET,
    ...IMAGE_OPTIONS,
  },
  examples: [
    ['convert game.cue game.iso', 'the data track of a CD as an .iso'],
    ['convert game.iso game.cue', 'the other way round: game.bin and game.cue'],
    ['convert big.iso big.iso --split 2G', 'parts of 2 GiB: big.iso.001, big.iso.002, …'],
    ['convert big.iso.001 whole.iso', 'parts joined'],
    ['convert mac.dmg mac.iso --as iso', 'the files of a volume of macOS as a disc'],
    ['convert windows.esd windows.iso', 'the disc that installs Windows'],
  ],
})
