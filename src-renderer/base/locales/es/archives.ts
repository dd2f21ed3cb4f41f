import type { archivesWords as englishWords } from '../en/archives'

export const archivesWords: typeof englishWords = {
  archiveDialog: {
    name: 'Nombre',
    level: 'Compresión',
    levels: {
      store: 'Ninguna',
      fast: 'Rápida',
      normal: 'Estándar',
      best: 'Máxima',
    },
    show: 'Mostrar la contraseña',
    repeat: 'Repite la contraseña',
    differs: 'Las dos contraseñas no coinciden.',
  },
  convertDialog: {
    title: 'Convertir en un .{extension} simple',
    looking: 'Examinando la imagen…',
    tracks:
      'Sin pistas de audio | Extraer también {n} pista de audio como WAV | Extraer también {n} pistas de audio como WAV',
    tracksFolder: '{name} pistas',
    lossless: 'No se pierde nada: todo cabe en una imagen simple.',
    confirm: 'Convertir',
  },
}
