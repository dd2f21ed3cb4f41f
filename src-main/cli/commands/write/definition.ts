import { defineCommand, IMAGE_OPTIONS, JSON_LINES } from '../../command'

export const write = defineCommand({
  name: 'write',
  operands: 'IMAGE --to DRIVE --confirm WORD',
  summary: 'an image onto a stick or a card, checked byte for byte',
  about: [
    'Everything on the drive is lost. WORD is the one that “isolde drives” prints for it, so that no drive is written over by mistake.',
    'Images that are made for drives are written as they are; others with EFI/BOOT/BOOT*.EFI, such as those of Windows, file by file onto a FAT32 partition, from which machines with UEFI start. The first MiB is written last, and everything is read back from the medium.',
  ],
  options: {
    to: { type: 'string', value: 'DRIVE', takes: 'file', about: 'the drive, as “isolde drives” lists it' },
    confirm: { type: 'string', value: 'WORD', about: 'what “isolde drives” says has to be typed' },
    how: {
      type: 'string',
      value: 'HOW',
      choices: ['as-is', 'files'],
      about: 'byte for byte, or file by file; as suits the image',
    },
    table: {
      type: 'string',
      value: 'TABLE',
      choices: ['mbr', 'gpt'],
      about: 'of partitions, file by file: mbr (default) or gpt',
    },
    fit: { type: 'boolean', about: 'move the copy of a GPT to the end of the drive' },
    'no-check': { type: 'boolean', about: 'do not read back what was written' },
    'allow-fixed': {
      type: 'boolean',
      about: 'a drive that is built in may be meant; one that the system needs never is',
    },
    json: JSON_LINES,
    inside: IMAGE_OPTIONS.inside,
    charset: IMAGE_OPTIONS.charset,
    progress: IMAGE_OPTIONS.progress,
  },
  examples: [['write debian.iso --to /dev/sdb --confirm "SanDisk-Ultra"', 'a stick to install from']],
})
