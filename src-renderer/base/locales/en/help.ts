/** The first steps, and help with all others. */
export const helpCommands = {
  handbook: 'Handbook',
  welcome: 'Welcome page',
}

export const helpWords = {
  guide: {
    tab: 'Welcome',
    title: 'Welcome to Isolde',
    look: 'Look around in it as in a folder, without burning or mounting it.',
    extract: 'Extract files',
    extractText: 'Everything, or only what you need.',
    extractTitle: 'Extract from a disc image',
    check: 'Check a download',
    checkText: 'Is all of it there, and is it genuine?',
    checkTitle: 'Check a disc image',
    choose: 'Choose',
  },
  handbook: {
    pages: 'Pages of the handbook',
  },
}
