import { defineCommand, IMAGE_OPTIONS, LABEL_LIMIT, QUIET, SYSTEM_ID_LIMIT, VOLUME_TEXT_LIMIT } from '../../command'

const VOLUME_TEXT = { type: 'string', value: 'TEXT', limit: VOLUME_TEXT_LIMIT } as const

export const create = defineCommand({
  name: 'create',
  operands: 'OUT.iso SOURCE …',
  summary: 'makes an image of files and folders',
  about: [
    'Makes a disc image. Of one folder alone the contents become the root; several sources lie there under their own names. The image is read back from the disk and compared before it has its name. Folders of OUT that are missing are made; an OUT within a source is left out of it. OUT “-” writes it to standard output.',
  ],
  options: {
    map: { type: 'string', multiple: true, value: 'IN=AT', about: 'IN lies at AT in the image; may be repeated' },
    preset: {
      type: 'string',
      value: 'PRESET',
      choices: ['data', 'compatible', 'linux', 'windows', 'udf', 'dvd-video', 'bluray'],
      about:
        'data (ISO 9660, Rock Ridge, Joliet and UDF 1.02; the default), compatible, linux, windows, udf, dvd-video (a folder VIDEO_TS, as players want it) or bluray (UDF 2.50)',
    },
    level: {
      type: 'string',
      value: 'N',
      choices: ['1', '2', '3', '4'],
      about: 'of ISO 9660: 1, 2, 3 or 4 (which adds a tree of ISO 9660:1999)',
    },
    udf: {
      type: 'string',
      value: 'REVISION',
      choices: ['1.02', '1.50', '2.01', '2.50'],
      about: '1.02, 1.50, 2.01 or 2.50',
    },
    'no-udf': { type: 'boolean', about: 'no UDF tree' },
    'no-iso': { type: 'boolean', about: 'no ISO 9660: UDF alone' },
    joliet: { type: 'boolean', about: 'a Joliet tree, where the preset has none' },
    'no-joliet': { type: 'boolean', about: 'no Joliet tree' },
    'joliet-long': { type: 'boolean', about: 'names of 103 characters in Joliet, which most readers bear' },
    'rock-ridge': { type: 'boolean', about: 'Rock Ridge, where the preset has none' },
    'no-rock-ridge': { type: 'boolean', about: 'no Rock Ridge: no links, no modes, short names' },
    deep: {
      type: 'string',
      value: 'HOW',
      choices: ['relocate', 'keep'],
      about: 'folders below the eighth: relocate (default) or keep',
    },
    label: {
      type: 'string',
      value: 'LABEL',
      limit: LABEL_LIMIT,
      about: 'the volume’s name, written as it is where it is ASCII; the default is the name of OUT',
    },
    publisher: { ...VOLUME_TEXT, about: 'who publishes the volume' },
    preparer: { ...VOLUME_TEXT, about: 'who prepared its data' },
    application: { ...VOLUME_TEXT, about: 'the application that its data is for' },
    'system-id': { ...VOLUME_TEXT, limit: SYSTEM_ID_LIMIT, about: 'the system that may use its first sectors' },
    'volume-set-id': { ...VOLUME_TEXT, about: 'the set that the volume belongs to' },
    'boot-bios': { type: 'string', value: 'AT', about: 'a boot image in the tree that a BIOS starts' },
    'boot-uefi': { type: 'string', value: 'AT', about: 'a boot image in the tree that UEFI starts' },
    'boot-emulation': {
      type: 'string',
      value: 'KIND',
      choices: ['none', 'floppy', 'hard-disk'],
      about: 'what the BIOS takes its boot image for: none (default), floppy or hard-disk',
    },
    'boot-info-table': { type: 'boolean', about: 'the loader is told where it lies, as isolinux expects it' },
    'grub2-boot-info': { type: 'boolean', about: 'the same, as GRUB expects it' },
    'no-boot': {
      type: 'boolean',
      about: 'no boot entries for loaders that are found in the tree (isolinux, GRUB, Windows, EFI/BOOT)',
    },
    hybrid: {
      type: 'string',
      value: 'TABLE',
      choices: ['mbr', 'gpt', 'both'],
      about: 'a disk as well as a disc: mbr, gpt or both',
    },
    mbr: {
      type: 'string',
      value: 'FILE',
      takes: 'file',
      about:
        'the code of the first sector of such a disk, where the tree has none (isolinux/isohdpfx.bin, boot/grub/i386-pc/boot_hybrid.img)',
    },
    md5: { type: 'boolean', about: 'MD5 sums of the image and of every file, as xorriso checks them' },
    'implant-md5': { type: 'boolean', about: 'an MD5 sum of the whole, as checkisomd5 checks it' },
    sha256sums: { type: 'boolean', about: 'a list of all files’ sums in the root' },
    sort: {
      type: 'string',
      multiple: true,
      value: 'GLOB=N',
      about: 'files lie on the disc by weight, the heaviest first; may be repeated',
    },
    exclude: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      about:
        'what is left out; may be repeated. A glob without a slash is matched against names, one with a leading slash from the root; a slash at its end means folders alone',
    },
    'follow-links': { type: 'boolean', about: 'links are replaced by what they lead to' },
    rationalize: { type: 'boolean', about: 'owners 0, and modes that anybody can read' },
    zisofs: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      about:
        'files that are packed, and unpacked by Linux while they are read; with neither Joliet nor UDF. May be repeated; a GLOB without a slash is matched against names. What firmware reads stays as it is',
    },
    dedupe: { type: 'boolean', about: 'equal files share their bytes' },
    date: {
      type: 'string',
      value: 'DATE',
      about: 'when the volume was made (2024-05-17T12:00:00Z); SOURCE_DATE_EPOCH is heeded',
    },
    media: {
      type: 'string',
      value: 'MEDIUM',
      choices: ['cd-74', 'cd-80', 'dvd-r', 'dvd+r', 'dvd-r-dl', 'dvd+r-dl', 'bd-25', 'bd-50', 'bd-100', 'bd-128'],
      about:
        'refuses what does not fit: cd-74, cd-80, dvd-r, dvd+r, dvd-r-dl, dvd+r-dl, bd-25, bd-50, bd-100 or bd-128',
    },
    'dry-run': { type: 'boolean', about: 'says what would be written, and which names change' },
    json: { type: 'boolean', about: 'one JSON object a line: changed names, files, then a summary' },
    progress: IMAGE_OPTIONS.progress,
    quiet: QUIET,
  },
  examples: [
    ['create backup.iso Documents', 'an image of what a folder holds'],
    [
      'create live.iso tree --hybrid both --md5',
      'a live system that boots from disc and stick: its tree holds isolinux, and isohdpfx.bin beside it',
    ],
  ],
})
