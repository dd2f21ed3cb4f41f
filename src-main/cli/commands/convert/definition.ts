import { defineCommand, IMAGE_OPTIONS, QUIET } from '../../command'

export const convert = defineCommand({
  name: 'convert',
  operands: 'IMAGE OUT',
  summary: 'any container to a plain image, to sectors of a CD, or to parts',
  about: [
    'Writes the blocks inside any container as a plain image, and says what such an image cannot hold of it. OUT “-” writes them to standard output. The first of several parts is converted like one file: they are joined. Folders of OUT that are missing are made.',
    'What is written is what OUT is called. An archive of files (.squashfs, .erofs, .wim, .esd, cpio) becomes an .iso of its files, as with --as iso, and an .img of its blocks. Of disks and their volumes (.dmg, .vhdx, .img …) an .iso holds the blocks too, which is said. Names of formats that are not written (.dmg, .qcow2, .gz …) are refused.',
    'Where OUT ends in .bin or .cue, both are written: the raw sectors of a CD with their sums and error correction (MODE1/2352), and the cue sheet.',
    'With --as iso the files of the image become a new one (ISO 9660 with Rock Ridge and Joliet, and UDF), read back before it has its name: of a .dmg those of HFS+ or APFS. What of a disc is not in it (other trees’ files, audio tracks, what starts it from a stick) is said, and the exit status is then 1. An installer of Windows in one file (.esd) becomes the disc that it stands for, with sources/boot.wim and sources/install.esd.',
    'Where OUT ends in .zip or .7z, the plain image is packed into it, encrypted where there is a password.',
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
      about:
        'blocks: what the container holds, as it is, whatever OUT.iso promises; iso: the files, as a new image. Without it, by what OUT is called',
    },
    'password-file': {
      type: 'string',
      value: 'FILE',
      takes: 'file',
      about: 'the first line of FILE encrypts OUT.zip or OUT.7z with AES-256 (or the variable ISOLDE_PASSWORD)',
    },
    'allow-damaged': {
      type: 'boolean',
      about: 'where files become an .iso: damaged files are left out; otherwise an image that has any is refused',
    },
    json: {
      type: 'boolean',
      about: 'where files become an .iso: one JSON object a line, as “isolde create” writes them',
    },
    quiet: QUIET,
    ...IMAGE_OPTIONS,
  },
  examples: [
    ['convert game.cue game.iso', 'the data track of a CD as an .iso'],
    ['convert game.iso game.cue', 'the other way round: game.bin and game.cue'],
    ['convert big.iso big.iso --split 2G', 'parts of 2 GiB: big.iso.001, big.iso.002, …'],
    ['convert big.iso.001 whole.iso', 'parts joined'],
    ['convert mac.dmg mac.iso --as iso', 'the files of a volume of macOS as a disc'],
    ['convert live.squashfs live.iso', 'the files as a disc'],
    ['convert private.iso private.zip --password-file secret.txt', 'the image itself, encrypted'],
    ['convert windows.esd windows.iso', 'the disc that installs Windows'],
  ],
})
