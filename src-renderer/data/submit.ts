import { ref } from 'vue'
import { explain } from './errors'
import { useDialogs } from './stores/dialogs'

/**
 * What a dialog does when it is confirmed: the work, once, and then it closes. What went wrong is said in it, and nothing
 * that was typed is lost. Nothing happens while `canSubmit` says no: Enter does not ask the button.
 */
export function useSubmit(work: () => Promise<unknown>, canSubmit: () => boolean = () => true) {
  const dialogs = useDialogs()
  const problem = ref('')
  const isBusy = ref(false)

  async function submit(): Promise<void> {
    if (isBusy.value || !canSubmit()) return
    isBusy.value = true
    problem.value = ''
    const dialog = dialogs.current
    try {
      await work()
      if (dialogs.current === dialog) dialogs.close()
    } catch (error) {
      problem.value = explain(error)
    } finally {
      isBusy.value = false
    }
  }

  return { problem, isBusy, submit }
}
