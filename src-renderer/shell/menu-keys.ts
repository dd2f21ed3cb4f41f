import { onBeforeUnmount, onMounted } from 'vue'
import { focusRows } from './focus-rows'

const FIRST_MENU = '[role=menubar] [role=menuitem]'

/**
 * F10, and Alt pressed and let go by itself, open the menu, as in programs of the system; where the keyboard is with its
 * bar already they give it back to the rows, and so does Esc.
 */
export function useMenuKeys(): void {
  let isAltAlone = false

  function openMenu(): void {
    const first = document.querySelector<HTMLElement>(FIRST_MENU)
    if (!first || document.querySelector('[role=dialog], [role=alertdialog], [role=menu]')) return
    if (isOnBar()) {
      focusRows()
      return
    }
    first.focus()
    first.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))
  }

  function isOnBar(): boolean {
    return document.activeElement?.matches(FIRST_MENU) === true
  }

  /** Before anything else hears of it. Tab in an open menu of the bar closes it: what it would lead to is behind. */
  function onTab(event: KeyboardEvent): void {
    const menu = event.key === 'Tab' ? document.activeElement?.closest('[role=menu]') : null
    if (!menu || !document.querySelector(`${FIRST_MENU}[aria-expanded=true]`)) return
    event.preventDefault()
    event.stopPropagation()
    menu.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
    // The menu gives the keyboard back to its word in the bar first.
    setTimeout(focusRows)
  }

  /** Before anything else hears of it: the selection of the rows is not meant. */
  function onEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !isOnBar() || document.querySelector('[role=menu]')) return
    event.preventDefault()
    event.stopPropagation()
    focusRows()
  }

  function onDown(event: KeyboardEvent): void {
    isAltAlone = event.key === 'Alt' && !event.ctrlKey && !event.shiftKey && !event.metaKey && !event.repeat
    const isAlone = !event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey
    if (event.key !== 'F10' || !isAlone || event.defaultPrevented) return
    event.preventDefault()
    openMenu()
  }

  function onUp(event: KeyboardEvent): void {
    // AltGr comes as Ctrl and Alt, or with a modifier of its own.
    if (event.key !== 'Alt' || !isAltAlone || event.getModifierState('AltGraph')) return
    isAltAlone = false
    event.preventDefault()
    openMenu()
  }

  /** Alt with a click, or while another window is in front, is meant for something else. */
  function forget(): void {
    isAltAlone = false
  }

  onMounted(() => {
    window.addEventListener('keydown', onEscape, true)
    window.addEventListener('keydown', onTab, true)
    window.addEventListener('keydown', onDown)
    window.addEventListener('keyup', onUp)
    window.addEventListener('pointerdown', forget, true)
    window.addEventListener('blur', forget)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', onEscape, true)
    window.removeEventListener('keydown', onTab, true)
    window.removeEventListener('keydown', onDown)
    window.removeEventListener('keyup', onUp)
    window.removeEventListener('pointerdown', forget, true)
    window.removeEventListener('blur', forget)
  })
}
