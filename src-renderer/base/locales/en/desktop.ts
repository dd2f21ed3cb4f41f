/** What only a desktop does: drags to other programs, and what the file manager offers. */
export const desktopWords = {
  desktop: {
    title: 'Other programs',
    limit: 'Largest selection to drag out',
    limitNote: 'Copies are written to a temporary folder first.',
    anySize: 'Any size',
    actions: 'File manager',
    actionsNote: 'Extract and verify from the context menu.',
    install: 'Install',
    remove: 'Remove',
    installed: 'Installed in {folder}.',
    removed: 'Removed.',
  },
  dragOut: {
    preparing: 'Still preparing copies of what you drag.',
    preparingDetail: 'Drag it again in a moment, or press F5 to extract it.',
    tooLarge: 'Too large to drag out: the limit is {limit}.',
    instead: 'Press F5 to extract it, or raise the limit in the settings.',
  },
}
