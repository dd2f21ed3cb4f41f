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
  imageJob: {
    passed: 'Todas las comprobaciones superadas. | {n} comprobación superada. | Las {n} comprobaciones superadas.',
    nothing:
      '{source}: la longitud y las carpetas son correctas. No tiene sumas de comprobación, así que su contenido no se puede verificar.',
    notPassed:
      'Todas las comprobaciones superadas | {n} comprobación de {source} no superada | {n} comprobaciones de {source} no superadas',
    fact: 'sin sumas que comprobar | {n} comprobación superada | {n} comprobaciones superadas',
    converted: 'Creado {name}, {size}',
    archived: 'Creado {name}, {size}',
  },
}
