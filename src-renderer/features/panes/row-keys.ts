import { reportErrors } from '../../data/errors'
import { specOf } from '../../base/keys'
import { commandOf } from '../../commands/use-commands'
import { usePanes, type Tab } from '../../data/stores/panes'
import { useSettings } from '../../data/stores/settings'

const TYPING_PAUSE = 900
/** A key that would act later than this, in milliseconds, is not meant any more. */
const PATIENCE = 1500
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'])

/** Whether a key is a sign of a name that is being typed. */
function isLetter(event: KeyboardEvent): boolean {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
  return isPlain && event.key.length === 1 && commandOf(specOf(event)) === null
}

/** The keyboard inside a pane's rows: moving, selecting, and finding by typing a name's beginning. */
export function useRowKeys({
  tab,
  pageSize,
  perLine = () => 1,
}: {
  tab: () => Tab
  pageSize: () => number
  /** How many stand side by side. */
  perLine?: () => number
}) {
  const panes = usePanes()
  const settings = useSettings()
  let typed = ''
  let typedAt = 0
  /** Set while the row of what was typed is looked for. */
  let finding: Promise<void> | null = null
  /** Keys that were pressed meanwhile: they mean that row. */
  let waiting: KeyboardEvent[] = []
  let findingSince = 0

  /** To the right is back, where one reads to the left. */
  const sideways = (): number => (document.documentElement.dir === 'rtl' ? -1 : 1)

  function targetOf(event: KeyboardEvent): number | null {
    const { cursor, total } = tab().listing.state
    switch (event.key) {
      case 'ArrowUp':
        return cursor - perLine()
      case 'ArrowDown':
        return cursor + perLine()
      case 'ArrowLeft':
        return alongLine(cursor, -sideways())
      case 'ArrowRight':
        return alongLine(cursor, sideways())
      case 'PageUp':
        return cursor - pageSize()
      case 'PageDown':
        return cursor + pageSize()
      case 'Home':
        return 0
      case 'End':
        return total - 1
      default:
        return null
    }
  }

  /** Along a line of several; out of it, at its ends, where the arrows go to the other pane. */
  function alongLine(cursor: number, step: number): number | null {
    const length = perLine()
    if (length === 1) return null
    const isAtEnd = cursor % length === (step > 0 ? length - 1 : 0)
    return isAtEnd && !settings.current.tabSwitchesPanes ? null : cursor + step
  }

  async function move(event: KeyboardEvent, position: number): Promise<void> {
    const { listing } = tab()
    if (event.shiftKey) await listing.selection.extendTo(position, event.ctrlKey || event.metaKey)
    else if (event.ctrlKey || event.metaKey) listing.moveCursor(position)
    else await listing.selection.only(position)
  }

  async function find(sign: string): Promise<void> {
    const { listing } = tab()
    const now = Date.now()
    const isContinued = now - typedAt < TYPING_PAUSE
    typedAt = now
    const isRepeat = isContinued && typed === sign
    typed = isContinued && !isRepeat ? typed + sign : sign
    const { cursor } = listing.state
    // The same letter again goes on to the next; a longer beginning may still be the row one is at.
    await listing.typeAhead(typed, isContinued && !isRepeat ? cursor : cursor + 1)
  }

  /** Whether a key is kept until the row is there that it means. */
  function waits(event: KeyboardEvent): boolean {
    if (finding === null || performance.now() - findingSince > PATIENCE) return false
    if (MODIFIERS.has(event.key)) return false
    if (waiting.length === 0 && isLetter(event)) return false
    waiting.push(event)
    event.preventDefault()
    event.stopPropagation()
    return true
  }

  function startFinding(sign: string): void {
    const own = reportErrors(() => find(sign)).then(() => {
      // Typed on meanwhile: the last one tells.
      if (finding !== own) return
      finding = null
      const kept = waiting
      waiting = []
      for (const event of kept)
        if (performance.now() - event.timeStamp < PATIENCE)
          event.target?.dispatchEvent(new KeyboardEvent(event.type, event))
    })
    finding = own
    findingSince = performance.now()
  }

  function onKeydown(event: KeyboardEvent): void {
    if (waits(event)) return
    const { listing } = tab()
    if (event.altKey || listing.state.total === 0) return leave(event)
    const position = targetOf(event)
    const isPlain = !event.ctrlKey && !event.metaKey
    if (position !== null) void reportErrors(() => move(event, position))
    else if (event.key === ' ' && (isPlain || event.ctrlKey) && Date.now() - typedAt > TYPING_PAUSE)
      void reportErrors(() => listing.selection.toggle(listing.state.cursor))
    else if (event.key === 'Insert' && isPlain)
      void reportErrors(async () => {
        await listing.selection.toggle(listing.state.cursor)
        listing.moveCursor(listing.state.cursor + 1)
      })
    else if (isLetter(event)) startFinding(event.key)
    else return leave(event)
    event.preventDefault()
    event.stopPropagation()
  }

  /** Tab goes to the other pane's rows; with Shift it leaves as anywhere else. Where Tab belongs to the page, the arrows do. */
  function leave(event: KeyboardEvent): void {
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return
    const { side: here } = panes.active
    const isTab = settings.current.tabSwitchesPanes
    const towards = { ArrowLeft: 'left', ArrowRight: 'right' }[event.key]
    // The panes change sides with the direction of reading.
    const there = sideways() > 0 ? towards : { left: 'right', right: 'left' }[towards ?? '']
    if (isTab ? event.key !== 'Tab' : there === undefined || there === here) return
    const side = here === 'left' ? 'right' : 'left'
    const other = document.querySelector<HTMLElement>(`[data-pane="${side}"] :is([data-rows], [data-start])`)
    if (!other) return
    event.preventDefault()
    event.stopPropagation()
    other.focus()
    panes.activeSide = side
  }

  return { onKeydown }
}
