/** As long as a browser may take to begin a download: it has its own hold on the bytes by then. */
const HELD_MS = 60_000

/** Hands a file to whoever saves files here: the browser, or the desktop's dialog. */
export function saveFile(name: string, pieces: BlobPart[], type: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(pieces, { type }))
  link.download = name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(link.href)
  }, HELD_MS)
}
