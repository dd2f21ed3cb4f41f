import { giveBack, takeInstance } from './compiled'

const STRIPE_LENGTH = 32

/** XXH64 with a seed of 0, which a zstd frame has the lower half of (RFC 8878 3.1.1), of bytes that come in pieces. */
export class Xxh64 {
  private readonly state = new Uint8Array(STRIPE_LENGTH)
  /** Fewer bytes than a stripe has. */
  private rest: Uint8Array = new Uint8Array(0)
  private total = 0

  update(bytes: Uint8Array): void {
    this.withState((instance, place) => {
      const isFirst = this.total < STRIPE_LENGTH
      this.total += bytes.byteLength
      if (this.total < STRIPE_LENGTH) {
        this.rest = Buffer.concat([this.rest, bytes])
        return
      }
      if (isFirst) instance.decoders.xxh64Begin(place)
      const from = place + STRIPE_LENGTH
      instance.put(this.rest, from)
      instance.put(bytes, from + this.rest.byteLength)
      const byteLength = this.rest.byteLength + bytes.byteLength
      const whole = byteLength - (byteLength % STRIPE_LENGTH)
      instance.decoders.xxh64Stripes(place, from, whole)
      this.rest = instance.memory.slice(from + whole, from + byteLength)
    })
  }

  /** The lower 32 bits, of all that came so far. */
  digest32(): number {
    return this.withState((instance, place) => {
      const from = place + STRIPE_LENGTH
      instance.put(this.rest, from)
      const sum = instance.decoders.xxh64End(place, BigInt(this.total), from, this.rest.byteLength)
      return Number(BigInt.asUintN(32, sum))
    })
  }

  /** The compiled code has the state in its memory while it works, others at any other time. */
  private withState<T>(work: (instance: ReturnType<typeof takeInstance>, place: number) => T): T {
    const instance = takeInstance()
    const place = instance.firstFree
    instance.put(this.state, place)
    const result = work(instance, place)
    this.state.set(instance.memory.subarray(place, place + STRIPE_LENGTH))
    giveBack(instance)
    return result
  }
}
