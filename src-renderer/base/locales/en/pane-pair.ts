/** Both panes together. */
export const panePairCommands = {
  comparePanes: 'Compare panes',
  syncPanes: 'Synchronised browsing',
  columnHeaders: 'Go to the column headers',
  compareWith: 'Compare with…',
}

export const panePairWords = {
  panePair: {
    identical: 'Both panes show the same names and sizes.',
    differ: 'Selected: {left} on the left, {right} on the right',
    how: 'Compared by name, files also by size.',
    tooMany: 'Panes with more than {n} rows are not compared here. Compare the images instead.',
    compareTitle: 'Compare “{name}” with',
    compareConfirm: 'Compare',
  },
}
