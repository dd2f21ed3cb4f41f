/** Writing to drives. */
export const driveWords = {
  drives: {
    writeTitle: 'Write “{name}” to a USB drive',
    eraseTitle: 'Make a drive empty again',
    looking: 'Looking for drives…',
    none: 'No drive can be written. Plug in a USB stick or a memory card.',
    drive: 'Drive',
    how: 'How',
    as: 'Format',
    label: 'Name of the drive',
    noLabel: 'no name',
    used: '{name}, {size} used',
    empty: 'nothing that can be read',
    findLost: 'Find lost images on it…',
    lostAll: 'Everything on {name} will be lost.',
    lost: 'Everything on {name} will be lost: {contents}.',
    type: 'Type {word} to go on',
    notOffered: 'Not offered, and why',
    write: 'Erase {name} and write {image}',
    erase: 'Erase {name}',
    ways: {
      auto: 'As suits the image',
      'as-is': 'As it is: for images that are made for it',
      files: 'File by file: for Windows, starts with UEFI',
    },
    kinds: {
      exfat: 'exFAT: for files of any size',
      fat32: 'FAT32: for old devices, files below 4 GB',
    },
  },
}
