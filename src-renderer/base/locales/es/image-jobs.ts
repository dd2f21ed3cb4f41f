import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: 'Extraer como ZIP o 7z…',
  verify: 'Comprobar la imagen',
  convert: 'Convertir en un .iso sencillo',
  createImage: 'Crear una imagen de disco…',
}

export const imageJobWords: typeof english = {
  archive: {
    title: 'Extraer como archivo comprimido',
    what: '{n} elemento | {n} elemento | {n} elementos',
    everything: 'Todo lo que hay en {name}',
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
  createImage: {
    title: 'Crear una imagen de disco',
    what: '{n} elemento | {n} elemento | {n} elementos',
    folder: 'El contenido de «{name}»',
    to: 'en {folder}',
    name: 'Nombre del archivo',
    label: 'Nombre del disco',
    preset: 'Para qué es',
    presets: {
      data: 'Cualquier equipo',
      compatible: 'Equipos y aparatos antiguos',
      linux: 'Linux',
      windows: 'Instalador de Windows',
      udf: 'Solo UDF',
    },
    presetHints: {
      data: 'UDF, Joliet y Rock Ridge: nombres largos y archivos de cualquier tamaño en todas partes.',
      compatible: 'ISO 9660 nivel 2 y Joliet: nombres cortos donde no se lee otra cosa, archivos de menos de 4 GB.',
      linux: 'Rock Ridge: enlaces, permisos y propietarios; los cargadores que haya lo hacen arrancable.',
      windows: 'UDF y Joliet: archivos de más de 4 GB; los cargadores que haya lo hacen arrancable.',
      udf: 'Un solo árbol, para cámaras, televisores y archivos grandes.',
    },
    sums: 'Guardar sumas de comprobación en la imagen',
    sumsHint: 'Quien la tenga puede verificarla sin nada más.',
    confirm: 'Crear imagen',
  },
}
