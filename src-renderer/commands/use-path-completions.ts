import { onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { completionsOf, type CompletionPlace } from '../data/rows/path-completions'
import { useEngine } from '../data/stores/engine'

/**
 * What a path that is being typed may go on as, for a list under its field.
 * @param text what stands in the field
 * @param image of the pane that it is about; null where only this computer is meant
 * @param folder that a path without a beginning starts from; null for the home folder
 */
export function usePathCompletions(
  text: Ref<string>,
  image: () => CompletionPlace['image'],
  folder: () => string | null,
): Ref<string[]> {
  const engine = useEngine()
  const completions = ref<string[]>([])
  let latest = new AbortController()

  watch(text, async (typed) => {
    latest.abort()
    const { signal } = (latest = new AbortController())
    const { homeFolder, separator } = engine
    const computer = { homeFolder, separator, folder: folder() ?? homeFolder }
    const found = await completionsOf(typed, { computer, image: image() }, signal)
    if (!signal.aborted) completions.value = found
  })
  onBeforeUnmount(() => {
    latest.abort()
  })
  return completions
}
