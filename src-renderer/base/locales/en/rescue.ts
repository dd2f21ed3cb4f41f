/** What can be saved of a damaged image. */
export const rescueWords = {
  rescue: {
    title: 'What can be saved?',
    unknown: 'Nobody has looked yet. The image is only read.',
    looking: 'Looking for what can be saved…',
    files:
      'No files were found. | {n} of {total} file can be saved completely. | {n} of {total} files can be saved completely.',
    losses: 'Partly there: {partial}. Lost: {lost}.',
    sizes: 'That is {saved} of {total}.',
    named: 'Nothing is lost | {n} loss, and why | {n} losses, and why',
    partial: 'Files that are partly there',
    fates: { zeros: 'Zeros stand for what is missing', cut: 'End where something is missing', skip: 'Are left out' },
    states: { partial: 'partly there', lost: 'lost' },
    carve: 'Also look for files by what they begin with (slower)',
    look: 'See what can be saved',
    again: 'Look again',
    save: 'Save no files | Save {n} of {total} file… | Save {n} of {total} files…',
    repair: 'Make a repaired image…',
    filesTitle: 'Where to save the files',
    filesConfirm: 'Save here',
    imageTitle: 'Where to put the repaired image',
    imageConfirm: 'Make it here',
  },
  protect: {
    title: 'Protect against damage',
    label:
      'Redundancy in percent of the image ({least} to {most}). A file of this size, beside the image, repairs that much damage.',
    confirm: 'Protect',
    range: 'Give a percentage from {least} to {most}.',
    againTitle: 'Protect it anew?',
    again: '{name} is replaced once the new file is complete. Do this if the image has changed since.',
    againConfirm: 'Protect anew',
  },
}
