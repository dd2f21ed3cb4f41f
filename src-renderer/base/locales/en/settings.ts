export const moreSettings = {
  moreSettings: {
    images: 'Images',
    viewRule: 'Default view',
    viewRules: {
      auto: 'Automatic',
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
      web: 'A page in a browser cannot be what files are opened with. The installed program offers itself for these extensions: {extensions}.',
      win32:
        'Isolde offers itself for {extensions}, and takes no file over. Windows says what opens them: Settings › Apps › Default apps.',
      darwin:
        'Isolde offers itself for {extensions}, and takes no file over. Finder says what opens them: File › Get Info › Open with.',
      linux:
        'Isolde offers itself for {extensions}, and takes no file over. The file manager says what opens them: Properties › Open With.',
    },
    unpackByteLimit: 'Unpack images up to',
    unpackNote:
      'Compressed images (.gz, .xz, .zst, .bz2) are unpacked to the temporary folder. Larger ones aren’t opened.',
    asRoomAllows: 'As far as there is room',
    extraction: 'Extracting',
    extractTo: 'Default destination',
    extractToChoices: { beside: 'Next to the image', downloads: 'Downloads' },
    extractIntoFolder: 'Create a subfolder',
    extractIntoFolderNote: 'For several items; it is named after the image.',
    catalog: 'What is remembered',
    indexInside: 'Index what images contain',
    indexInsideNote:
      'Such as Windows in an .esd, or Linux in a SquashFS: a search finds their files too. “Small ones” means up to 4 GB and 200,000 files.',
    indexInsideRules: { never: 'Never', small: 'Small ones', always: 'Always' },
    catalogByteLimit: 'Catalog’s largest size',
    catalogNote:
      'What was opened longest ago goes first. Images with notes, tags or a group stay, and so do those in watched folders.',
    noLimit: 'No limit',
    catalogKeepDays: 'Forget images unopened for',
    never: 'Never forget',
    days: '{n} day | {n} days',
    catalogSize: '{n} image in {size} | {n} images in {size}',
    clean: 'Clean up now',
    cleaning: 'Cleaning up…',
    forgotten: '{n} image forgotten. | {n} images forgotten.',
  },
}
