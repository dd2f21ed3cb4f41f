import { defineCommand, JSON_LINES, QUIET } from '../../command'

export const rescue = defineCommand({
  name: 'rescue',
  operands: 'IMAGE',
  summary: 'what can be saved of a damaged image',
  about: [
    'Puts together what is left of a damaged image: its directories, their twins and path tables, directories that nothing leads to any more, and what a map of ddrescue, other copies, the error correction of dvdisaster and the parity of raw sectors say of its bytes. A map (NAME.map) and error correction (NAME.ecc) that lie beside the image are found unasked.',
    'Each file is proven (a sum fits), whole (all of it is there, and nothing says otherwise), partial, or lost. Files go to --to, with rescue.json and rescue.html beside them, which name every loss; all of it is read back. With --image, a repaired image is written as a new file. The image itself is never written to.',
    'What no directory names is put below “Lost folders”, and with --carve what has no record at all below “Found by content”.',
  ],
  options: {
    to: { type: 'string', value: 'DIR', takes: 'folder', about: 'where the files go' },
    image: { type: 'string', value: 'OUT', takes: 'file', about: 'write a repaired image, and check it' },
    map: { type: 'string', value: 'FILE', takes: 'file', about: 'a map of ddrescue: what of the image was never read' },
    with: {
      type: 'string',
      multiple: true,
      value: 'COPY',
      takes: 'file',
      about: 'another copy of the same image; may be repeated',
    },
    ecc: { type: 'string', value: 'FILE', takes: 'file', about: 'error correction of dvdisaster (RS03) for the image' },
    partial: {
      type: 'string',
      value: 'HOW',
      choices: ['zeros', 'cut', 'skip'],
      about: 'files with holes: filled with zeros (default), cut at the first hole, or left out',
    },
    carve: { type: 'boolean', about: 'look for files that nothing describes by what they begin with' },
    plan: { type: 'boolean', about: 'tell what can be saved, and write nothing' },
    json: JSON_LINES,
    quiet: QUIET,
    charset: {
      type: 'string',
      value: 'NAME',
      about: 'the encoding of names that the image leaves open (shift_jis, gb18030, euc-kr, cp437, latin1, …)',
    },
    progress: { type: 'boolean', about: 'show progress on standard error even where that is no terminal' },
  },
  examples: [
    ['rescue disc.iso --plan', 'what of it can be saved?'],
    ['rescue disc.iso --map disc.map --to saved', 'all that ddrescue has read, and which files it has not'],
    ['rescue first.iso --with second.iso --image whole.iso', 'one whole image of two damaged copies'],
  ],
})
