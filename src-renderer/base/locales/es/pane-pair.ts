import type { panePairCommands as englishCommands, panePairWords as englishWords } from '../en/pane-pair'

export const panePairCommands: typeof englishCommands = {
  comparePanes: 'Comparar paneles',
  syncPanes: 'Navegación sincronizada',
  columnHeaders: 'Ir a los encabezados de columna',
  compareWith: 'Comparar con…',
}

export const panePairWords: typeof englishWords = {
  panePair: {
    identical: 'Ambos paneles muestran los mismos nombres y tamaños.',
    differ: 'Seleccionados: {left} a la izquierda, {right} a la derecha',
    how: 'Comparados por nombre; los archivos, también por tamaño.',
    tooMany: 'Los paneles con más de {n} filas no se comparan aquí. Compara las imágenes.',
    compareTitle: 'Comparar «{name}» con',
    compareConfirm: 'Comparar',
  },
}
