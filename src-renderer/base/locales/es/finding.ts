import type { findingCommands as englishCommands, findingWords as englishWords } from '../en/finding'

export const findingCommands: typeof englishCommands = {
  findBelow: 'Buscar en esta imagen o carpeta…',
  flat: 'Vista plana',
  showInFolder: 'Mostrar en su carpeta',
}

export const findingWords: typeof englishWords = {
  below: {
    placeholder: 'Parte de un nombre, o *.txt',
    find: 'Buscar dentro de «{name}»',
    scope: 'Dónde buscar',
    close: 'Salir de la vista plana',
  },
}
