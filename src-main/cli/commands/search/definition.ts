import { defineCommand, JSON_LINES } from '../../command'

export const search = defineCommand({
  name: 'search',
  operands: 'TEXT',
  summary: 'by name, over every image that was ever opened in the window',
  about: [
    'Finds entries whose names hold TEXT (or fit it, where it has * or ?) in every image that was opened in the window, whether the image is there just now or not.',
  ],
  options: {
    image: {
      type: 'string',
      value: 'NAME',
      about: 'only in this image, by its path or name; one within another as it is shown: outer.iso//inner.squashfs',
    },
    kind: {
      type: 'string',
      multiple: true,
      value: 'KIND',
      about: 'file, directory, symlink, device, fifo or socket; several with commas',
    },
    extension: {
      type: 'string',
      multiple: true,
      value: 'EXT',
      about: 'only names that end so: iso, or txt,md',
    },
    'min-size': { type: 'string', value: 'SIZE', about: 'in bytes, or as 500k, 2G, 1.5GiB' },
    'max-size': { type: 'string', value: 'SIZE', about: 'as --min-size' },
    after: { type: 'string', value: 'DATE', about: 'changed on that day or later: 2024-05-17' },
    before: { type: 'string', value: 'DATE', about: 'changed before that day' },
    json: JSON_LINES,
    csv: { type: 'boolean', about: 'a header and one line a hit' },
    limit: { type: 'string', value: 'N', about: 'no more than N (10 000)' },
  },
  examples: [['search "*.inf" --after 2020-01-01', 'drivers on any disc that was ever opened']],
})
