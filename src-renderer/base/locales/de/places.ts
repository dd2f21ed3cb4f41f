import type { placesCommands as englishCommands, placesWords as englishWords } from '../en/places'

export const placesCommands: typeof englishCommands = {
  favourite: 'Zu Favoriten hinzufügen oder entfernen',
  places: 'Favoriten und besuchte Orte…',
  extractTo: 'Entpacken nach…',
}

export const placesWords: typeof englishWords = {
  places: {
    title: 'Favoriten und besuchte Orte',
    favourites: 'Favoriten',
    left: 'Linker Bereich',
    right: 'Rechter Bereich',
    remove: 'Aus den Favoriten entfernen',
    none: 'Kein Ort heißt so.',
    added: '„{name}“ zu den Favoriten hinzugefügt',
    removed: '„{name}“ aus den Favoriten entfernt',
  },
  extractDialog: {
    title: 'Entpacken',
    destination: 'Ziel',
    recent: 'Letzte Ziele',
    browse: 'Ordner auswählen…',
    keepPaths: 'Die Ordner beibehalten, in denen sie liegen',
    attributes: 'Rechte und Attribute',
    modes: 'Rechte genau wie aufgezeichnet',
    xattrs: 'Erweiterte Attribute, wo das Abbild welche hat (Linux)',
    sparse: 'Folgen von Nullen auf dem Laufwerk auslassen (Sparse-Dateien)',
    confirm: 'Entpacken',
    names: 'Dateien umbenennen',
    pattern: 'Neuer Name',
    tokens: '{name}: eigener Name, {n}: Nummer, {date}: Datum, {ext}: Endung',
    find: 'In Namen suchen',
    replace: 'Ersetzen durch',
    preview: 'Dateien und ihre neuen Namen',
  },
}
