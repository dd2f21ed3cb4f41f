import {
  MemoryByteSource,
  openImage,
  type ByteSource,
  type DiscImage,
  type EntryTable,
  type OpenImageOptions,
} from '../../src-main/image'

/** Opens bytes as if they were a file of that name. */
export function openBytes(bytes: Uint8Array, options: Partial<OpenImageOptions> = {}): Promise<DiscImage> {
  return openImage(new MemoryByteSource(bytes), { name: 'test.iso', ...options })
}

export function paths(table: EntryTable): string[] {
  const all: string[] = []
  for (let index = 1; index < table.length; index++) all.push(table.pathOf(index))
  return all.sort()
}

export async function pathsOf(image: DiscImage, view = image.info.defaultViewId): Promise<string[]> {
  return paths(await image.view(view).readTree())
}

export async function readAll(content: ByteSource | null | undefined): Promise<Uint8Array> {
  if (content === null || content === undefined) throw new Error('there is no content')
  return content.read(0, content.byteLength)
}

export async function contentOf(image: DiscImage, path: string, view = image.info.defaultViewId): Promise<string> {
  const found = await image.view(view).lookup(path)
  return new TextDecoder().decode(await readAll(found?.content))
}

export function codes(image: DiscImage): string[] {
  return image.diagnostics.map((diagnostic) => diagnostic.code)
}

/** Of those that fail a check and an extraction. */
export function damages(image: DiscImage): string[] {
  return image.diagnostics.filter(({ severity }) => severity === 'damage').map(({ code }) => code)
}

/** Files that lie beside the image, by name. */
export function siblings(files: Record<string, Uint8Array>): Pick<OpenImageOptions, 'openSibling' | 'listSiblings'> {
  return {
    listSiblings: () => Promise.resolve(Object.keys(files)),
    openSibling: (name) => {
      const bytes = files[name]
      return Promise.resolve(bytes === undefined ? null : new MemoryByteSource(bytes))
    },
  }
}

/** Scratch space in memory. */
export const scratch: Pick<OpenImageOptions, 'openScratch'> = {
  openScratch: () => {
    const parts: Uint8Array[] = []
    return Promise.resolve({
      write: (bytes: Uint8Array) => {
        parts.push(bytes.slice())
        return Promise.resolve()
      },
      finish: () => Promise.resolve(new MemoryByteSource(Buffer.concat(parts))),
      discard: () => Promise.resolve(),
    })
  },
}
