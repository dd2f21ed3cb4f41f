/**
 * The decoders’ module, compiled from `assembly`. A build puts its bytes here (scripts/decoders-plugin.mjs): this text is
 * what is left where none did.
 */
export function moduleBytes(): Uint8Array<ArrayBuffer> {
  throw new TypeError('The decoders were not compiled: whoever builds the program needs scripts/decoders-plugin.mjs.')
}
