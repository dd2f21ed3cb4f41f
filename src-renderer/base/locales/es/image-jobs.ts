import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: 'Extraer como ZIP o 7z…',
  verify: 'Comprobar la imagen',
  convert: 'Convertir en un .iso sencillo',
}

export const imageJobWords: typeof english = {
  archive: {
    title: 'Extraer como archivo comprimido',
    what: '{n} elemento | {n} elemento | {n} elementos',
    everything: 'Todo lo que hay en {name}',
    to: 'en {folder}',
    format: 'Formato',
    zip: 'ZIP',
    seven: '7z',
    zipHint:
      'Se abre en todas partes. Con contraseña, el contenido queda cifrado y los nombres siguen siendo legibles.',
    sevenHint: 'Más pequeño. Con contraseña, también se ocultan los nombres. Necesita 7-Zip instalado.',
    password: 'Contraseña (AES-256)',
    passwordHint: 'Déjela vacía si no quiere ninguna. No se guarda: sin ella nadie podrá abrir el archivo.',
    confirm: 'Crear archivo comprimido',
  },
}
