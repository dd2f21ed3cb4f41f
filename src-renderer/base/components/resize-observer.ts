import { onBeforeUnmount, watch, type Ref } from 'vue'

/** Hears of an element's size: when it is there, and whenever that changes. */
export function useResizeObserver(element: Ref<HTMLElement | null>, handler: (element: HTMLElement) => void): void {
  const observer = new ResizeObserver(() => {
    if (element.value) handler(element.value)
  })
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before)
      if (now) observer.observe(now)
    },
    { immediate: true, flush: 'post' },
  )
  onBeforeUnmount(() => observer.disconnect())
}
