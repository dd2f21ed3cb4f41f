import { defineCommand, IMAGE_OPTIONS, JSON_LINES } from '../../command'

export const erase = defineCommand({
  name: 'erase',
  operands: 'DRIVE --confirm WORD',
  summary: 'an empty drive again: one volume over all of it',
  about: [
    'Everything on the drive is lost. WORD is the one that “isolde drives” prints for it. Both ends are wiped, one partition is made over all of it, and what was written is read back. What was on it can still be found by programs that rescue files: nothing else is overwritten.',
  ],
  options: {
    confirm: { type: 'string', value: 'WORD', about: 'what “isolde drives” says has to be typed' },
    as: {
      type: 'string',
      value: 'NAME',
      choices: ['exfat', 'fat32'],
      about: 'the file system: exfat (default) or fat32',
    },
    label: { type: 'string', value: 'TEXT', limit: 11, about: 'what the volume is called, 11 characters at most' },
    'allow-fixed': {
      type: 'boolean',
      about: 'a drive that is built in may be meant; one that the system needs never is',
    },
    json: JSON_LINES,
    progress: IMAGE_OPTIONS.progress,
  },
  examples: [['erase /dev/sdb --confirm "SanDisk-Ultra" --label PHOTOS', 'a stick for photos again']],
})
