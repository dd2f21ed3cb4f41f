export const moreSettings = {
  moreSettings: {
    images: 'Images',
    viewRule: 'Tree to begin with',
    viewRules: {
      auto: 'The one that tells most',
      'rock-ridge': 'Rock Ridge',
      joliet: 'Joliet',
      udf: 'UDF',
      iso9660: 'ISO 9660',
    },
    charsetNote: 'Where an image does not say it. Can be changed for each image.',
    kinds: 'Open like folders',
    kindsNote: 'The others are files like any other.',
    associations: 'Opened from the file manager',
    associationsIn: {
      web: 'A page in a browser cannot be what files are opened with. The installed program offers itself for these endings: {endings}.',
      win32:
        'Isolde offers itself for {endings}, and takes no file over. Windows says what opens them: Settings › Apps › Default apps.',
      darwin:
        'Isolde offers itself for {endings}, and takes no file over. Finder says what opens them: File › Get Info › Open with.',
      linux:
        'Isolde offers itself for {endings}, and takes no file over. The file manager says what opens them: Properties › Open With.',
    },
    extraction: 'Extracting',
    extractTo: 'While no folder is open beside',
    extractToChoices: { beside: 'Next to the image', downloads: 'Downloads' },
    extractIntoFolder: 'Several items into a folder of their own',
    extractIntoFolderNote: 'It is named after the image.',
    catalog: 'What is remembered',
    catalogByteLimit: 'Catalog’s largest size',
    catalogNote:
      'What was opened longest ago goes first. Images with notes, tags or a group stay, and so do those in watched folders.',
    noLimit: 'No limit',
    catalogKeepDays: 'Forget images that nobody opens for',
    never: 'Never forget',
    days: '{n} day | {n} days',
    catalogSize: '{n} image in {size} | {n} images in {size}',
    clean: 'Clean up now',
    cleaning: 'Cleaning up…',
    forgotten: '{n} image forgotten. | {n} images forgotten.',
  },
}
