/** Pictures of an image: where things lie, and what is large. */
export const pictures = {
  pictures: {
    label: 'Pictures of the image',
    map: 'Disc map',
    sizes: 'Sizes',
    openMap: 'Open the disc map',
  },
  map: {
    label: 'Disc map. The arrow keys go along the disc, Enter goes to the file.',
    where: 'From byte {from}, {size} long.',
    more: 'no other files | and {n} more file here | and {n} more files here',
    damaged: 'A part of it is missing.',
    checked: 'A check found it damaged.',
    free: '{size} of the disc belong to no file of this view.',
    how: 'The disc begins at the inside. A file in several pieces is drawn where its first piece lies.',
    reading: 'The image is still being read; the map shows what is known so far.',
    kind: {
      files: 'Files',
      damaged: 'Damaged files',
      suspect: 'Inside a checksum that fails',
      structures: 'The disc’s own structures',
      gap: 'No file here',
      beyond: 'Missing: the image ends before this',
    },
  },
  sizes: {
    label: 'Map of sizes. Enter goes into a folder or to a file, Backspace goes up.',
    where: 'Folder shown',
    rest: 'nothing else | {n} smaller file | {n} smaller files',
    files: 'no files | {n} file | {n} files',
    nothing: 'There are no bytes in here.',
  },
}
