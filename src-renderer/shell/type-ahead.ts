import { watch, type Ref } from 'vue'

const TEXT_FIELD = 'input:not([type]), input[type=text], input[type=search], textarea'

/**
 * Keeps what is typed while the code of a dialog is being loaded and gives it to the field that the dialog begins in, as if
 * it had been there: whoever opens the palette and goes on typing loses no letter. Only text is kept. Enter is not: nobody
 * has seen yet what it would confirm.
 * @param dialog the dialog that is open; another one starts with nothing typed
 */
export function useTypeAhead(dialog: Ref<unknown>): {
  onKeydown(event: KeyboardEvent): void
  onFocusin(event: FocusEvent): void
} {
  let typed = ''
  watch(dialog, () => (typed = ''), { flush: 'sync' })

  function onKeydown(event: KeyboardEvent): void {
    // As long as it has nothing of its own, the dialog itself has the keyboard.
    if (event.target !== event.currentTarget || event.isComposing) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Backspace') typed = typed.replace(/.$/su, '')
    else if (/^.$/su.test(event.key)) typed += event.key
  }

  function onFocusin({ target, currentTarget }: FocusEvent): void {
    if (target === currentTarget || typed === '') return
    const text = typed
    typed = ''
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return
    if (!target.matches(TEXT_FIELD) || target.readOnly) return
    const end = target.value.length
    target.setRangeText(text, target.selectionStart ?? end, target.selectionEnd ?? end, 'end')
    target.dispatchEvent(new Event('input', { bubbles: true }))
  }

  return { onKeydown, onFocusin }
}
