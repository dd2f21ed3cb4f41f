/** What only a desktop does: drags to other programs, and what the file manager offers. */
export const desktopWords = {
  desktop: {
    title: 'Andere Programme',
    limit: 'Größte Auswahl zum Hinausziehen',
    limitNote: 'Zuerst werden Kopien in einen temporären Ordner geschrieben.',
    anySize: 'Beliebig groß',
    actions: 'Dateimanager',
    actionsNote: 'Entpacken und Prüfen im Kontextmenü.',
    install: 'Einrichten',
    remove: 'Entfernen',
    installed: 'Eingerichtet in {folder}.',
    removed: 'Entfernt.',
  },
  dragOut: {
    preparing: 'Kopien für das Ziehen werden noch vorbereitet.',
    preparingDetail: 'Gleich noch einmal ziehen oder mit F5 entpacken.',
    tooLarge: 'Zu groß zum Hinausziehen: Die Grenze liegt bei {limit}.',
    instead: 'Mit F5 entpacken oder die Grenze in den Einstellungen anheben.',
  },
}
