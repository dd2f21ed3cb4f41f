/** Gives the keyboard to the rows of the active pane, which a dialog or a menu has taken it from. */
export function focusRows(): void {
  document.querySelector<HTMLElement>('.pane.active :is([data-rows], [data-start] .target)')?.focus()
}
