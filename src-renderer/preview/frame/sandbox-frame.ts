import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import typeface from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import { isCancelled } from '../../api'
import { direction, locale } from '../../locales'
import { useSettings } from '../../stores/settings'
import tokens from '../../tokens.css?raw'
import { readEntry, type PreviewFile } from '../entry-bytes'
import frameStyle from './frame.css?raw'
import { fromFrame, type FromFrame, type ToFrame } from './messages'
import pageScript from './preview-page-frame.ts?worker&url'
import pdfScript from './preview-pdf-frame.ts?worker&url'

const SCRIPTS = { page: pageScript, pdf: pdfScript }
const files = new Map<string, Promise<ArrayBuffer>>()

/** One of our own files; a frame cannot fetch anything itself. */
function fetched(address: string): Promise<ArrayBuffer> {
  const known = files.get(address) ?? fetch(address).then((answer) => answer.arrayBuffer())
  files.set(address, known)
  return known
}

/**
 * A frame for one file: without an origin, without a network, with one script that the page's policy knows by its
 * hash. Whatever is read out of the file is read in there; the window hands it bytes and gets a height, some words, keys.
 */
export function useSandboxFrame(
  kind: keyof typeof SCRIPTS,
  element: Ref<HTMLIFrameElement | null>,
  file: () => PreviewFile,
  hear: (message: Exclude<FromFrame, { type: 'read' } | { type: 'key' } | { type: 'height' }>) => void,
) {
  const settings = useSettings()
  const source = ref('')
  const height = ref(0)
  const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? ''
  let port: MessagePort | null = null
  let reading = new AbortController()

  const look = computed(() => ({
    theme: document.documentElement.dataset.theme ?? settings.current.theme,
    density: settings.current.density,
    language: locale.value,
    direction: direction.value,
  }))
  const post = (message: ToFrame): void => port?.postMessage(message)

  /** A new file gets a new frame: nothing of the one before is in it. */
  watch(
    file,
    async (now) => {
      end()
      const text = await documentOf(await fetched(SCRIPTS[kind]), nonce)
      if (file() === now) source.value = text
    },
    { immediate: true },
  )
  watch([look, () => settings.current.theme], () => post({ type: 'look', look: look.value }), { flush: 'post' })

  /** The frame is there: it gets its end of the line, and nothing else ever comes from outside of it. */
  function onLoad(): void {
    const frame = element.value?.contentWindow
    if (!frame || source.value === '') return
    port?.close()
    const channel = new MessageChannel()
    port = channel.port1
    const shown = file()
    port.onmessage = ({ data }) => {
      const message = fromFrame.safeParse(data)
      if (message.success && file() === shown) take(message.data, shown)
    }
    frame.postMessage(null, '*', [channel.port2])
    post({ type: 'look', look: look.value })
    void fetched(typeface).then((bytes) => post({ type: 'typeface', bytes }))
    post({ type: 'show', byteLength: shown.byteLength })
  }

  function take(message: FromFrame, shown: PreviewFile): void {
    if (message.type === 'read') void answer(message, shown)
    else if (message.type === 'height') height.value = message.height
    else if (message.type === 'key') pressed(message)
    else hear(message)
  }

  async function answer(wish: Extract<FromFrame, { type: 'read' }>, shown: PreviewFile): Promise<void> {
    const { signal } = reading
    try {
      const bytes = await readEntry(shown, wish.byteOffset, wish.byteLength, signal)
      post({ type: 'bytes', id: wish.id, bytes })
    } catch (error) {
      if (!isCancelled(error)) post({ type: 'bytes', id: wish.id, bytes: null })
    }
  }

  /** A key that was pressed while the frame had the keyboard counts as pressed around it. */
  function pressed(init: Extract<FromFrame, { type: 'key' }>): void {
    const around = element.value?.parentElement?.closest<HTMLElement>('[tabindex]')
    around?.focus({ preventScroll: true })
    around?.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true }))
  }

  function end(): void {
    reading.abort()
    reading = new AbortController()
    port?.close()
    port = null
    source.value = ''
    height.value = 0
  }
  onBeforeUnmount(end)

  return { source, height, onLoad, post }
}

/** Its own policy narrows the page's, which it has as well. */
async function documentOf(script: ArrayBuffer, nonce: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', script))
  const hash = `sha256-${btoa(String.fromCharCode(...digest))}`
  const policy = `default-src 'none'; script-src '${hash}'; style-src 'nonce-${nonce}'; img-src blob: data:`
  return [
    '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<style nonce="${nonce}">${tokens}\n${frameStyle}</style>`,
    `<body><script>${new TextDecoder().decode(script)}</script>`,
  ].join('')
}
