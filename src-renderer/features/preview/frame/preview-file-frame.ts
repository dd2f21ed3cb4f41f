import { createApp, defineComponent, h, shallowRef, type Component } from 'vue'
import ArchiveNames from './ArchiveNames.vue'
import HexLines from './HexLines.vue'
import { listen } from './inside'
import MarkdownPage from './MarkdownPage.vue'
import MediaStage from './MediaStage.vue'
import type { Wish } from './messages'
import TextLines from './TextLines.vue'

/** Every preview but that of a PDF, in a frame that has nothing but its file. */
const PREVIEWS: Record<Exclude<Wish['kind'], 'pdf'>, Component> = {
  text: TextLines,
  hex: HexLines,
  page: MarkdownPage,
  archive: ArchiveNames,
  media: MediaStage,
}

const wish = shallowRef<Wish | null>(null)

listen((message, line) => {
  const isFirst = wish.value === null
  wish.value = message.wish
  const { wish: first, byteLength, address } = message
  if (!isFirst || first.kind === 'pdf') return
  const Preview = PREVIEWS[first.kind]
  const given = first.kind === 'media' ? { address, line } : { byteLength, line }
  createApp(defineComponent(() => () => h(Preview, { wish: wish.value, ...given }))).mount(
    document.body.appendChild(document.createElement('div')),
  )
})
