/**
 * What every host of this code has without being Node or a browser. Seen only when `src-shared` is checked by itself,
 * so that nothing else of either world slips in.
 */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array): string
}
