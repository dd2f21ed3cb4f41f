export const moreSettings = {
  moreSettings: {
    images: 'Imágenes',
    viewRule: 'Vista predeterminada',
    viewRules: {
      auto: 'Automática',
      'rock-ridge': 'Rock Ridge',
      joliet: 'Joliet',
      udf: 'UDF',
      iso9660: 'ISO 9660',
    },
    charsetNote: 'Cuando una imagen no lo dice. Se puede cambiar para cada imagen.',
    kinds: 'Abrir como carpetas',
    kindsNote: 'Los demás son archivos como cualquier otro.',
    associations: 'Abrir desde el gestor de archivos',
    associationsIn: {
      web: 'Una página en un navegador no puede ser lo que abre los archivos. El programa instalado se ofrece para estas extensiones: {extensions}.',
      win32:
        'Isolde se ofrece para {extensions} y no se apropia de ningún archivo. Windows decide qué los abre: Configuración › Aplicaciones › Aplicaciones predeterminadas.',
      darwin:
        'Isolde se ofrece para {extensions} y no se apropia de ningún archivo. Finder decide qué los abre: Archivo › Obtener información › Abrir con.',
      linux:
        'Isolde se ofrece para {extensions} y no se apropia de ningún archivo. El gestor de archivos decide qué los abre: Propiedades › Abrir con.',
    },
    unpackByteLimit: 'Descomprimir imágenes hasta',
    unpackNote:
      'Las imágenes comprimidas (.gz, .xz, .zst, .bz2) se descomprimen en la carpeta temporal. Las mayores no se abren.',
    asRoomAllows: 'Mientras haya espacio',
    extraction: 'Extracción',
    extractTo: 'Destino predeterminado',
    extractToChoices: { beside: 'Junto a la imagen', downloads: 'Descargas' },
    extractIntoFolder: 'Crear una subcarpeta',
    extractIntoFolderNote: 'Para varios elementos; lleva el nombre de la imagen.',
    catalog: 'Lo que se recuerda',
    indexInside: 'Indexar lo que contienen las imágenes',
    indexInsideNote:
      'Como Windows en un .esd o Linux en un SquashFS: la búsqueda encuentra también sus archivos. «Pequeñas» significa hasta 4 GB y 200 000 archivos.',
    indexInsideRules: { never: 'Nunca', small: 'Las pequeñas', always: 'Siempre' },
    catalogByteLimit: 'Tamaño máximo del catálogo',
    catalogNote:
      'Primero se va lo que hace más tiempo que no se abre. Se quedan las imágenes con notas, etiquetas o grupo y las de carpetas vigiladas.',
    noLimit: 'Sin límite',
    catalogKeepDays: 'Olvidar imágenes sin abrir durante',
    never: 'No olvidar nunca',
    days: '{n} día | {n} días',
    catalogSize: '{n} imagen en {size} | {n} imágenes en {size}',
    clean: 'Limpiar ahora',
    cleaning: 'Limpiando…',
    forgotten: '{n} imagen olvidada. | {n} imágenes olvidadas.',
  },
}
