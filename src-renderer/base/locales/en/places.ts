/** Places that one comes back to, and the dialog for an extraction. */
export const placesCommands = {
  favourite: 'Add to favourites, or remove',
  places: 'Favourites and visited places…',
  extractTo: 'Extract to…',
}

export const placesWords = {
  places: {
    title: 'Favourites and visited places',
    favourites: 'Favourites',
    left: 'Left pane',
    right: 'Right pane',
    remove: 'Remove from favourites',
    none: 'No place has this name.',
    added: '“{name}” added to favourites',
    removed: '“{name}” removed from favourites',
  },
  extractDialog: {
    title: 'Extract',
    destination: 'Destination',
    recent: 'Recent destinations',
    browse: 'Choose a folder…',
    keepPaths: 'Keep the folders they are in',
    attributes: 'Permissions and attributes',
    modes: 'Permissions exactly as recorded',
    xattrs: 'Extended attributes, where the image has them (Linux)',
    sparse: 'Leave runs of zeros out on disk (sparse files)',
    confirm: 'Extract',
    names: 'Rename files',
    pattern: 'New name',
    tokens: '{name}: its own name, {n}: its number, {date}: its date, {ext}: its extension',
    find: 'Find in names',
    replace: 'Replace with',
    preview: 'Files and their new names',
  },
}
