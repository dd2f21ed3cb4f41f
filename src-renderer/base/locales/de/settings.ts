export const moreSettings = {
  moreSettings: {
    images: 'Abbilder',
    viewRule: 'Standardansicht',
    viewRules: {
      auto: 'Automatisch',
      'rock-ridge': 'Rock Ridge',
      joliet: 'Joliet',
      udf: 'UDF',
      iso9660: 'ISO 9660',
    },
    charsetNote: 'Wo ein Abbild es nicht sagt. Lässt sich für jedes Abbild ändern.',
    kinds: 'Öffnen wie Ordner',
    kindsNote: 'Die übrigen sind Dateien wie alle anderen.',
    associations: 'Aus der Dateiverwaltung öffnen',
    associationsIn: {
      web: 'Eine Seite im Browser kann keine Dateien öffnen, die man anderswo anklickt. Das installierte Programm bietet sich für diese Endungen an: {extensions}.',
      win32:
        'Isolde bietet sich für {extensions} an und nimmt keine Datei an sich. Was sie öffnet, sagt Windows: Einstellungen › Apps › Standard-Apps.',
      darwin:
        'Isolde bietet sich für {extensions} an und nimmt keine Datei an sich. Was sie öffnet, sagt der Finder: Ablage › Informationen › Öffnen mit.',
      linux:
        'Isolde bietet sich für {extensions} an und nimmt keine Datei an sich. Was sie öffnet, sagt die Dateiverwaltung: Eigenschaften › Öffnen mit.',
    },
    unpackByteLimit: 'Abbilder entpacken bis',
    unpackNote:
      'Komprimierte Abbilder (.gz, .xz, .zst, .bz2) werden in den temporären Ordner entpackt. Größere werden nicht geöffnet.',
    asRoomAllows: 'Soweit Platz ist',
    extraction: 'Entpacken',
    extractTo: 'Standardziel',
    extractToChoices: { beside: 'Neben das Abbild', downloads: 'Downloads' },
    extractIntoFolder: 'Unterordner erstellen',
    extractIntoFolderNote: 'Bei mehreren Elementen; er heißt wie das Abbild.',
    catalog: 'Was gemerkt wird',
    indexInside: 'Inhalt von Abbildern indizieren',
    indexInsideNote:
      'Etwa Windows in einer .esd oder Linux in einem SquashFS: Die Suche findet auch deren Dateien. „Kleine“ heißt bis 4 GB und 200.000 Dateien.',
    indexInsideRules: { never: 'Nie', small: 'Kleine', always: 'Immer' },
    catalogByteLimit: 'Größe des Katalogs höchstens',
    catalogNote:
      'Was am längsten nicht geöffnet wurde, geht zuerst. Abbilder mit Notizen, Schlagwörtern oder Gruppe bleiben, ebenso die in beobachteten Ordnern.',
    noLimit: 'Ohne Grenze',
    catalogKeepDays: 'Abbilder vergessen, ungeöffnet seit',
    never: 'Nie vergessen',
    days: '{n} Tag | {n} Tagen',
    catalogSize: '{n} Abbild in {size} | {n} Abbilder in {size}',
    clean: 'Jetzt aufräumen',
    cleaning: 'Räumt auf…',
    forgotten: '{n} Abbild vergessen. | {n} Abbilder vergessen.',
  },
}
