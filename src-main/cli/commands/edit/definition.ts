import { defineCommand, IMAGE_OPTIONS, LABEL_LIMIT, QUIET } from '../../command'

export const edit = defineCommand({
  name: 'edit',
  operands: 'IMAGE --to OUT',
  summary: 'a changed copy of an image, still bootable',
  about: [
    'Writes a changed copy of an image. Its trees, boot entries and first sector are made again with new addresses; what cannot be kept is said before anything is written; where files are lost, or what starts it, the exit status is 1. Changes are made in this order, however they are given: what is deleted, what is renamed, what is added, then the script line by line. The copy is read back before it has its name. Folders of OUT that are missing are made.',
  ],
  options: {
    to: { type: 'string', value: 'OUT', takes: 'file', about: 'the file to write' },
    replace: {
      type: 'boolean',
      about:
        'the copy takes the place of the original, which is kept beside it as NAME.before.iso; of plain .iso files only, and only where all is as asked',
    },
    append: {
      type: 'boolean',
      about:
        'a session behind what there is: nothing of it moves, and it stays readable as the session before (views with @1); of plain .iso files only',
    },
    add: {
      type: 'string',
      multiple: true,
      value: 'IN=AT',
      about:
        'IN of this computer lies at AT in the image: a file in place of one that is there, a folder together with one that is there; may be repeated',
    },
    delete: { type: 'string', multiple: true, value: 'PATH', about: 'what is left out; may be repeated' },
    rename: { type: 'string', multiple: true, value: 'A=B', about: 'A is called B; may be repeated' },
    label: { type: 'string', value: 'LABEL', limit: LABEL_LIMIT, about: 'the volume’s name' },
    script: {
      type: 'string',
      value: 'FILE',
      takes: 'file',
      about:
        'one change a line: {"op":"add","from":"IN","at":"AT"}, {"op":"delete","path":"P"} or {"op":"rename","path":"A","to":"B"}',
    },
    'allow-damaged': {
      type: 'boolean',
      about:
        'damaged files are left out; otherwise an image that has any is refused. With --replace the copy then lies beside the original, which stays as it is',
    },
    'dry-run': { type: 'boolean', about: 'says what would be written, and which names change' },
    json: { type: 'boolean', about: 'one JSON object a line: changed names, files, then a summary' },
    quiet: QUIET,
    ...IMAGE_OPTIONS,
  },
  examples: [
    ['edit debian.iso --to mine.iso --add preseed.cfg=preseed.cfg', 'an installer with answers in it'],
    ['edit disc.iso --to two.iso --append --add new=new', 'a second session with one folder more'],
    ['edit disc.iso --replace --delete private', 'the image without a folder; the original stays beside it'],
  ],
})
