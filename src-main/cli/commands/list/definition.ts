import { defineCommand, IMAGE_OPTIONS, JSON_LINES, STREAMS } from '../../command'

export const list = defineCommand({
  name: 'list',
  operands: 'IMAGE [PATH]',
  summary: 'its entries, recursively',
  about: ['Lists the entries below PATH (or all), parents first, siblings by the bytes of their names.'],
  options: {
    json: JSON_LINES,
    csv: { type: 'boolean', about: 'a header and one line an entry' },
    long: { type: 'boolean', short: 'l', about: 'kind, mode, size, time and link target too' },
    streams: STREAMS,
    ...IMAGE_OPTIONS,
  },
  examples: [
    ['list debian.iso pool -l', 'what lies below one folder, with sizes and times'],
    ['list disc.iso --inside drivers.img', 'what an image inside the image holds'],
  ],
})
