/** Jobs that are over, and choosing folders for them. */
export const historyCommands = {
  history: 'Queue history…',
  undoExtraction: 'Undo extraction…',
}

export const historyWords = {
  folders: {
    none: 'No folders in here.',
  },
  history: {
    title: 'Queue history',
    empty: 'Nothing has run yet.',
    list: 'Jobs, the latest first',
    took: 'took {time}',
    undo: 'Undo extraction',
    undone: 'undone',
    undoTitle:
      'Remove what was written to “{folder}”? | Remove {n} file written to “{folder}”? | Remove {n} files written to “{folder}”?',
    undoText:
      'Only what is exactly as it was written goes. Changed files, files that replaced others, and folders with anything else in them stay.',
    undoConfirm: 'Remove',
    removed: 'Nothing was removed | {n} item removed | {n} items removed',
    kept: 'Nothing kept: {names} | {n} item kept because it has changed: {names} | {n} items kept because they have changed: {names}',
    nothingToUndo: 'There is no extraction to undo.',
    stillRunning: '“{what}” is still running. Cancel it, or wait until it has ended.',
    cannotUndo: '“{what}” cannot be undone.',
    tooManyToUndo: '“{what}” cannot be undone: it wrote more than {n} files and folders.',
    undoWhat: '“{name}”, extracted {time}.',
    clear: 'Clear history',
    elsewhere: 'Another folder…',
    elsewhereTitle: 'Try again in another folder',
    elsewhereConfirm: 'Use this folder',
  },
}
