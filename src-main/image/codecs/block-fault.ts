/** A block that unpacks no further than to some of its bytes. */
export class BlockFault extends RangeError {
  /** @param beginning what lies in front of the damage, or of what it was noticed by: no sum says that it is right */
  constructor(
    message: string,
    readonly beginning: Uint8Array,
  ) {
    super(message)
  }
}
