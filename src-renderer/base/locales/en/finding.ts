/** What lies below a folder or in an image, found from the pane that shows it. */
export const findingCommands = {
  findBelow: 'Find in this image or folder…',
  flat: 'Flat view',
  showInFolder: 'Show in its folder',
}

export const findingWords = {
  below: {
    placeholder: 'Part of a name, or *.txt',
    find: 'Find below “{name}”',
    scope: 'Where to look',
    close: 'Leave the flat view',
  },
}
