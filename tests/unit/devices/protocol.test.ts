import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Frames, PAYLOAD_LIMIT } from '../../../src-main/devices/helper/protocol'
import { noise } from './drives-for-tests'

/** What arrives of some messages that are sent, cut into pieces of a length. */
function sent(
  messages: readonly [unknown, Uint8Array?][],
  pieceLength: number,
): { got: [unknown, string][]; isBroken: boolean } {
  const got: [unknown, string][] = []
  const state = { isBroken: false }
  const out = new PassThrough({ highWaterMark: 1 << 26 })
  const sender = new Frames(
    out,
    () => undefined,
    () => undefined,
  )
  for (const [message, payload] of messages) sender.send(message, payload)
  const bytes = (out.read() ?? Buffer.alloc(0)) as Buffer
  const receiver: Frames = new Frames(
    new PassThrough(),
    (message, payload) => {
      got.push([message, payload.toString('latin1')])
      receiver.release(payload)
    },
    () => (state.isBroken = true),
  )
  for (let at = 0; at < bytes.byteLength; at += pieceLength) receiver.feed(bytes.subarray(at, at + pieceLength))
  return { got, isBroken: state.isBroken }
}

describe('messages to the helper', () => {
  it.each([1, 7, 8, 100, 1 << 20])('arrive as they were sent, in pieces of %i', (length) => {
    const payload = noise(3000)
    const { got, isBroken } = sent([[{ op: 'a' }, payload], [{ op: 'ß' }], [{ op: 'b' }, noise(5)]], length)
    expect(isBroken).toBe(false)
    expect(got).toEqual([
      [{ op: 'a' }, payload.toString('latin1')],
      [{ op: 'ß' }, ''],
      [{ op: 'b' }, noise(5).toString('latin1')],
    ])
  })

  it('may have whole pieces of a drive, again and again', () => {
    const payloads = [1, 2, 3].map((seed) => noise(PAYLOAD_LIMIT, seed))
    const { got } = sent(
      payloads.map((payload): [unknown, Uint8Array] => [{}, payload]),
      1 << 18,
    )
    expect(got.map(([, text], i) => text === payloads[i]?.toString('latin1'))).toEqual([true, true, true])
  })

  it('are none where lengths or text cannot be', () => {
    const broken = (bytes: Buffer): boolean => {
      const state = { isBroken: false }
      const frames = new Frames(
        new PassThrough(),
        () => undefined,
        () => (state.isBroken = true),
      )
      frames.feed(bytes)
      return state.isBroken
    }
    expect(broken(Buffer.alloc(8))).toBe(true)
    expect(broken(Buffer.alloc(8, 0xff))).toBe(true)
    expect(broken(Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('abc')]))).toBe(true)
  })
})
