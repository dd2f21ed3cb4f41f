/** Disc images that a disk holds, or did. */
export const lostImageWords = {
  lost: {
    title: 'Find lost images',
    titleOf: 'Lost images on “{name}”',
    about:
      'Finds disc images on an entire disk: files, deleted files, and images outside of any folder. The disk is only read.',
    where: 'Disk to search',
    other: 'Another disk, a partition, or an image of a disk',
    example: '/dev/sdb1, or a file',
    browse: 'Choose a file…',
    continue: 'Continue',
    unknown: 'Nobody has searched it yet. It is only read.',
    queued: 'Queued: another job is using this disk.',
    running:
      'Searching, nothing found so far. | Searching, {n} image found so far. | Searching, {n} images found so far.',
    paused:
      'Paused at {percent}%, nothing found so far. | Paused at {percent}%, {n} image found so far. | Paused at {percent}%, {n} images found so far.',
    cancelled:
      'Stopped at {percent}%, nothing found so far. | Stopped at {percent}%, {n} image found so far. | Stopped at {percent}%, {n} images found so far.',
    done: 'No disc images found. | {n} disc image found; no damage seen: {undamaged}. | {n} disc images found; no damage seen: {undamaged}.',
    map: 'Where images were found on {name}',
    stop: 'Stop',
    search: 'Search now',
    again: 'Search again',
    goOn: 'Continue the search',
    another: 'Another disk…',
    save: 'Save to… | Save {n} image to… | Save {n} images to…',
    saveTitle: 'Where to save the images: a folder on another disk',
    saveHere: 'Save here',
    cut: 'Only the first {n} are listed. “isolde find” lists all of them.',
    notNoted:
      'Isolde keeps its data on this disk, so no progress is saved there: a search that is stopped starts over.',
    unreadable: 'Not all of the disk could be read.',
    name: 'Name',
    size: 'Size',
    place: 'At',
    state: 'Condition',
    all: 'Select all',
    choose: 'Select {name}',
    open: 'Open {name}',
    deleted: 'deleted',
    pieces: '{n} pieces',
    packed: 'compressed by its file system; “isolde find” saves it',
    states: {
      proven: 'Proven by checksums',
      whole: 'All folders there',
      'partly-overwritten': 'Partly overwritten',
      'begins-only': 'Only its beginning',
    },
  },
}
