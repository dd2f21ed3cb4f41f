import { defineCommand, IMAGE_OPTIONS } from '../../command'

export const compare = defineCommand({
  name: 'compare',
  operands: 'A B',
  summary: 'what B has more, less and otherwise than A',
  about: [
    'Says what B has more (+), less (-) and otherwise (~) than A, by path, kind, size and time. Exit status 1 where anything differs.',
  ],
  options: {
    content: { type: 'boolean', about: 'files of one size are compared by their contents too' },
    'other-view': {
      type: 'string',
      value: 'ID',
      about: 'the view of B; with one image named, that view of the same image',
    },
    json: { type: 'boolean', about: 'one JSON object a line, then a summary' },
    ...IMAGE_OPTIONS,
  },
  examples: [['compare old.iso new.iso --content', 'what a new version changes']],
})
