import { defineCommand, IMAGE_OPTIONS, JSON_LINES, QUIET } from '../../command'

export const find = defineCommand({
  name: 'find',
  operands: 'SOURCE',
  summary: 'disc images that a disk or a disk image holds, deleted ones too',
  about: [
    'Looks through SOURCE, a disk, a partition, or a file that is an image of one, and tells of every disc image in it: those that are files, those whose files were deleted (FAT, exFAT, NTFS), and those that nothing leads to any more. SOURCE is only ever read; what cannot be read of it is passed over, and told.',
    'Each find is proven (sums that it carries fit all of its files), whole (every folder can be read, and nothing of it is used otherwise by now), partly overwritten, or begins only: nothing of what describes its files can be read.',
    'What has been looked at is noted in a map of ddrescue, in the profile or where --map says, every few seconds. With --resume it is not looked at again; the numbers stay the same.',
    'With --save, finds are copied to --to, which has to be on another disk, and each copy is opened and checked.',
  ],
  options: {
    save: { type: 'string', value: 'N,…', about: 'save the finds of these numbers, or “all”' },
    to: { type: 'string', value: 'DIR', takes: 'folder', about: 'where they go: a folder on another disk' },
    resume: { type: 'boolean', about: 'go on where an earlier search stopped' },
    map: { type: 'string', value: 'FILE', takes: 'file', about: 'note there what has been looked at' },
    'no-check': { type: 'boolean', about: 'do not read finds again to compare their sums: none will be proven' },
    json: JSON_LINES,
    quiet: QUIET,
    charset: IMAGE_OPTIONS.charset,
    progress: IMAGE_OPTIONS.progress,
  },
  examples: [
    ['find /dev/sdb', 'which disc images does this stick hold, or did it?'],
    ['find /dev/sdb --resume --save 2,3 --to saved', 'save two of them'],
    ['find card.img --json', 'a line for each, for other programs'],
  ],
})
