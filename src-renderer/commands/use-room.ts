import { onScopeDispose, ref, watch } from 'vue'
import { asFolder } from './extract-dialog'
import { call, isCancelled } from '../data/api'
import { sentence } from '../data/errors'

/** A file that is to be written: the folder as it was typed. */
export interface Planned {
  destination: string
  name: string
  byteLength: number
}

/** Typing is not worth a question for each letter. */
const PAUSE_MS = 200

/**
 * Why a file cannot be written where a dialog says: the folder is not there, may not be written to, or has no room. Asked
 * whenever that changes. @param planned null where nothing is to be asked
 */
export function useRoom(planned: () => Planned | null) {
  const problem = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = new AbortController()

  /** @throws {IsoldeError} why not */
  async function assertRoom(signal?: AbortSignal): Promise<void> {
    const file = planned()
    if (file === null || file.destination.trim() === '' || file.name === '') return
    const { name, byteLength } = file
    await call(
      'folder.assertTakes',
      { path: asFolder(file.destination), name, byteLength },
      { ...(signal && { signal }) },
    )
  }

  async function look(): Promise<void> {
    const { signal } = (asking = new AbortController())
    try {
      await assertRoom(signal)
      if (!signal.aborted) problem.value = ''
    } catch (error) {
      if (!isCancelled(error) && !signal.aborted) problem.value = sentence(error)
    }
  }

  watch(
    () => {
      const file = planned()
      return [file?.destination, file?.byteLength] as const
    },
    (_, before) => {
      clearTimeout(timer)
      asking.abort()
      timer = setTimeout(() => void look(), before?.[0] === undefined ? 0 : PAUSE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    asking.abort()
  })
  return { noRoom: problem, assertRoom }
}
