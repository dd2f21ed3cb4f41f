import type { historyCommands as englishCommands, historyWords as englishWords } from '../en/history'

export const historyCommands: typeof englishCommands = {
  history: 'Historial de la cola…',
  undoExtraction: 'Deshacer la extracción…',
}

export const historyWords: typeof englishWords = {
  folders: {
    none: 'Aquí no hay carpetas.',
  },
  history: {
    title: 'Historial de la cola',
    empty: 'Todavía no se ha ejecutado nada.',
    list: 'Tareas, la más reciente primero',
    took: 'duró {time}',
    undo: 'Deshacer la extracción',
    undone: 'deshecho',
    undoTitle:
      '¿Eliminar lo escrito en «{folder}»? | ¿Eliminar {n} archivo escrito en «{folder}»? | ¿Eliminar {n} archivos escritos en «{folder}»?',
    undoText:
      'Solo se elimina lo que sigue exactamente como se escribió. Los archivos cambiados, los que sustituyeron a otros y las carpetas con otro contenido se quedan.',
    undoConfirm: 'Eliminar',
    removed: 'No se eliminó nada | {n} elemento eliminado | {n} elementos eliminados',
    kept: 'No se conservó nada: {names} | {n} elemento conservado porque cambió: {names} | {n} elementos conservados porque cambiaron: {names}',
    nothingToUndo: 'No hay ninguna extracción que deshacer.',
    stillRunning: '«{what}» sigue en marcha. Cancélelo o espere a que termine.',
    cannotUndo: '«{what}» no se puede deshacer.',
    tooManyToUndo: '«{what}» no se puede deshacer: escribió más de {n} archivos y carpetas.',
    undoWhat: '«{name}», extraído el {time}.',
    clear: 'Borrar el historial',
    elsewhere: 'Otra carpeta…',
    elsewhereTitle: 'Reintentar en otra carpeta',
    elsewhereConfirm: 'Usar esta carpeta',
  },
}
