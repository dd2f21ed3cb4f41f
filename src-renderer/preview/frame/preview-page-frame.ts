import { h, render } from 'vue'
import { detectEncoding } from '../encoding'
import { renderMarkdown } from '../markdown'
import { listen } from './inside'

/** A Markdown text as a page, in a frame that has nothing but its text. */
const LIMIT = 1 << 18

listen((message, line) => {
  if (message.type !== 'show') return
  const page = document.createElement('main')
  document.body.append(page)
  new ResizeObserver(() =>
    line.post({ type: 'height', height: Math.ceil(page.getBoundingClientRect().height) }),
  ).observe(page)
  line
    .read(0, Math.min(LIMIT, message.byteLength))
    .then((bytes) => {
      const text = new TextDecoder(detectEncoding(bytes) ?? 'utf-8').decode(bytes)
      render(h('article', renderMarkdown(text)), page)
    })
    .catch(() => line.post({ type: 'failed' }))
})
