import type { helpCommands as englishCommands, helpWords as englishWords } from '../en/help'

export const helpCommands: typeof englishCommands = {
  handbook: 'Handbuch',
  welcome: 'Willkommensseite',
}

export const helpWords: typeof englishWords = {
  guide: {
    tab: 'Willkommen',
    title: 'Willkommen bei Isolde',
    look: 'Umsehen wie in einem Ordner, ohne es zu brennen oder einzubinden.',
    extract: 'Dateien entpacken',
    extractText: 'Alles oder nur, was gebraucht wird.',
    extractTitle: 'Aus einem Abbild entpacken',
    check: 'Download prüfen',
    checkText: 'Ist alles da, und ist es echt?',
    checkTitle: 'Ein Abbild prüfen',
    choose: 'Auswählen',
  },
  handbook: {
    pages: 'Seiten des Handbuchs',
  },
}
