import type { FromFrame, Look, ToFrame } from './messages'

/** The frame's side of its line to the window: the only thing it has besides what it draws on. */
export interface Line {
  post(message: FromFrame): void
  /** Says that there is something to be seen, once it is. */
  ready(): void
  /**
   * Bytes of the file that is shown, at most what one answer holds.
   * @throws Error where they could not be had, or are not wanted any more
   */
  read(byteOffset: number, byteLength: number, signal?: AbortSignal): Promise<Uint8Array>
}

type Show = Extract<ToFrame, { type: 'show' }>
type Receive = (message: Show, line: Line) => void

/** Waits for the window to hand over the line, and hears what is to be shown. */
export function listen(receive: Receive): void {
  window.addEventListener('message', ({ source, ports: [port] }) => {
    if (source === window.parent && port) connect(port, receive)
  })
}

function connect(port: MessagePort, receive: Receive): void {
  const waiting = new Map<number, { settle: (bytes: Uint8Array) => void; fail: (error: Error) => void }>()
  let lastId = 0
  let isReady = false
  let isNarrow = false
  const post = (message: FromFrame): void => {
    port.postMessage(message)
  }
  const read: Line['read'] = (byteOffset, byteLength, signal) =>
    new Promise((settle, fail) => {
      const id = ++lastId
      waiting.set(id, { settle, fail })
      signal?.addEventListener(
        'abort',
        () => {
          if (!waiting.delete(id)) return
          post({ type: 'forget', id })
          fail(new Error('Nobody waits for these bytes any more.'))
        },
        { once: true },
      )
      post({ type: 'read', id, byteOffset, byteLength })
    })
  const ready = (): void => {
    if (isReady) return
    isReady = true
    requestAnimationFrame(() => post({ type: 'ready' }))
  }
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === 'look') wear(data.look)
    else if (data.type === 'typeface')
      document.fonts.add(new FontFace('Inter Variable', data.bytes, { weight: '100 900', unicodeRange: data.range }))
    else if (data.type === 'bytes') {
      const asked = waiting.get(data.id)
      waiting.delete(data.id)
      if (data.bytes) asked?.settle(data.bytes)
      else asked?.fail(new Error('These bytes cannot be had.'))
    } else {
      if (!isNarrow) narrow(data.address)
      isNarrow = true
      receive(data, { post, read, ready })
    }
  }
  passKeysOn(post)
  passDragsOn(post)
  // Whoever comes in by a key finds what can be scrolled.
  window.addEventListener('focus', () => {
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('[tabindex], button')?.focus()
  })
}

/**
 * Gives up, before anything of the file is there, every address but that of the file: policies can be added and never
 * taken back.
 */
function narrow(address: string): void {
  const policy = document.createElement('meta')
  const source = address === '' ? "'none'" : address
  policy.httpEquiv = 'Content-Security-Policy'
  policy.content = `img-src ${source}; media-src ${source}`
  document.head.append(policy)
}

/** A click into the frame must not take the window's keys away. */
function passKeysOn(post: (message: FromFrame) => void): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || isUsedHere(event)) return
    const { key, code, ctrlKey, shiftKey, altKey, metaKey } = event
    event.preventDefault()
    post({ type: 'key', key, code, ctrlKey, shiftKey, altKey, metaKey })
  })
}

const SCROLLING = /^(?:Arrow(?:Up|Down|Left|Right)|Page(?:Up|Down)|Home|End| )$/

/** Whether a key scrolls, copies, plays or goes on from here to the next control. */
function isUsedHere({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (/^(?:Control|Shift|Alt|Meta)$/.test(key)) return true
  if (altKey) return false
  if (ctrlKey || metaKey) return /^(?:[ac]|Insert|Home|End)$/i.test(key)
  return key === 'Tab' || SCROLLING.test(key) || (key === 'Enter' && document.activeElement !== document.body)
}

/** What is dropped here must not take the place of the preview: the window is told, and takes it. */
function passDragsOn(post: (message: FromFrame) => void): void {
  const refuse = (event: DragEvent): void => event.preventDefault()
  window.addEventListener('dragenter', () => post({ type: 'dragged' }))
  window.addEventListener('dragover', refuse)
  window.addEventListener('drop', refuse)
}

function wear({ theme, density, language, direction }: Look): void {
  const { documentElement: root } = document
  Object.assign(root.dataset, { theme, density })
  root.lang = language
  root.dir = direction
}
