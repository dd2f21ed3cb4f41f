import type { helpCommands as englishCommands, helpWords as englishWords } from '../en/help'

export const helpCommands: typeof englishCommands = {
  handbook: 'Manual',
  welcome: 'Página de bienvenida',
}

export const helpWords: typeof englishWords = {
  guide: {
    tab: 'Bienvenida',
    title: 'Le damos la bienvenida a Isolde',
    look: 'Recórrala como una carpeta, sin grabarla ni montarla.',
    extract: 'Extraer archivos',
    extractText: 'Todo, o solo lo que necesite.',
    extractTitle: 'Extraer de una imagen de disco',
    check: 'Comprobar una descarga',
    checkText: '¿Está completa, y es auténtica?',
    checkTitle: 'Comprobar una imagen de disco',
    choose: 'Elegir',
  },
  handbook: {
    pages: 'Páginas del manual',
  },
}
