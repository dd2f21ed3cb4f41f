import { defineCommand } from '../../command'

export const catalog = defineCommand({
  name: 'catalog',
  operands: 'export FOLDER',
  summary: 'the catalog of all images that were opened, as Parquet files',
  about: [
    'Writes what is known of every image that was opened in the window: the images, their views, every entry of those with its path, and the hashes that were computed. One file for each table and each thousand images; “export.json” comes last and says what there is.',
    'FOLDER is made where it doesn’t exist. One that holds an export already is left alone.',
  ],
  options: {
    json: { type: 'boolean', about: 'one JSON object about what was written' },
  },
  examples: [['catalog export ~/catalog', 'images-0001.parquet, entries-0001.parquet and so on']],
})
