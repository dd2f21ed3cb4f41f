import type { FromFrame, Look, ToFrame } from './messages'

/** The frame's side of its line to the window: the only thing it has besides what it draws on. */
export interface Line {
  post(message: FromFrame): void
  /** Bytes of the file that is shown. @throws Error where they could not be had */
  read(byteOffset: number, byteLength: number): Promise<Uint8Array>
}

type Hear = (message: Exclude<ToFrame, { type: 'bytes' | 'look' | 'typeface' }>, line: Line) => void

/** Waits for the window to hand over the line, and hears what is said on it. */
export function listen(hear: Hear): void {
  window.addEventListener('message', ({ source, ports: [port] }) => {
    if (source === window.parent && port) connect(port, hear)
  })
}

function connect(port: MessagePort, hear: Hear): void {
  const waiting = new Map<number, { settle: (bytes: Uint8Array) => void; fail: (error: Error) => void }>()
  let lastId = 0
  const post = (message: FromFrame): void => {
    port.postMessage(message)
  }
  const read: Line['read'] = (byteOffset, byteLength) =>
    new Promise((settle, fail) => {
      const id = ++lastId
      waiting.set(id, { settle, fail })
      post({ type: 'read', id, byteOffset, byteLength })
    })
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === 'look') wear(data.look)
    else if (data.type === 'typeface')
      document.fonts.add(new FontFace('Inter Variable', data.bytes, { weight: '100 900' }))
    else if (data.type === 'bytes') {
      const asked = waiting.get(data.id)
      waiting.delete(data.id)
      if (data.bytes) asked?.settle(data.bytes)
      else asked?.fail(new Error('These bytes cannot be had.'))
    } else hear(data, { post, read })
  }
  // A click into the frame must not take the window's keys away.
  window.addEventListener('keydown', (event) => {
    const { key, code, ctrlKey, shiftKey, altKey, metaKey } = event
    const isCopying = (ctrlKey || metaKey) && /^[ac]$/i.test(key)
    if (isCopying || /^(?:Control|Shift|Alt|Meta)$/.test(key)) return
    event.preventDefault()
    post({ type: 'key', key, code, ctrlKey, shiftKey, altKey, metaKey })
  })
}

function wear({ theme, density, language, direction }: Look): void {
  const { documentElement: root } = document
  Object.assign(root.dataset, { theme, density })
  root.lang = language
  root.dir = direction
}
