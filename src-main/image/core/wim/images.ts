/** What the description of a file says of one of its images. */
export interface WimImage {
  /** From 1. */
  index: number
  /** “Windows 11 Pro”; empty where it has none. */
  name: string
  /** `x64`; empty where it is not said. */
  architecture: string
  /** `22621`; empty where it is not said. */
  build: string
  /** What stands between the tags of its element. */
  body: string
}

/** `PROCESSOR_ARCHITECTURE_…`, as Windows numbers them. */
const ARCHITECTURES: Record<string, string> = { 0: 'x86', 5: 'ARM', 6: 'IA-64', 9: 'x64', 12: 'ARM64' }
const IMAGE = /<IMAGE\s[^>]*?INDEX="(\d+)"[^>]*>([^]*?)<\/IMAGE>/gi

/** @param xml UTF-16, with a mark. No entities but the five that every document has, and nothing nested in them. */
export function readImages(xml: Uint8Array): WimImage[] {
  const text = Buffer.from(xml).toString('utf16le')
  return Array.from(text.matchAll(IMAGE), ([, index, body = '']) => ({
    index: Number(index),
    name: valueOf(body, 'DISPLAYNAME') || valueOf(body, 'NAME'),
    architecture: ARCHITECTURES[valueOf(body, 'ARCH')] ?? '',
    build: valueOf(body, 'BUILD'),
    body,
  }))
}

/**
 * A description of images, numbered anew in their order.
 * @param byteLength of the file up to it
 */
export function writeImages(images: readonly Pick<WimImage, 'body'>[], byteLength: number): Uint8Array {
  const elements = images.map(({ body }, index) => `<IMAGE INDEX="${index + 1}">${body}</IMAGE>`)
  return Buffer.from(`\ufeff<WIM><TOTALBYTES>${byteLength}</TOTALBYTES>${elements.join('')}</WIM>`, 'utf16le')
}

function valueOf(body: string, element: string): string {
  const [, value = ''] = new RegExp(`<${element}>([^<]*)</${element}>`, 'i').exec(body) ?? []
  return unescaped(value.trim())
}

function unescaped(text: string): string {
  const letters: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => letters[name] ?? '')
}
