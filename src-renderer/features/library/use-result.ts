import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { call } from '../../data/api'
import { sentence } from '../../data/errors'
import { WindowedRows } from '../../data/rows/windowed-rows'

/** What a page shows that the engine has worked out, and keeps until it is let go of. */
export interface Result<Answer, Row> {
  /** Null while there is none. */
  found: ShallowRef<Answer | null>
  rows: WindowedRows<Row>
  /** The row the keyboard is at. */
  cursor: Ref<number>
  /** It is being worked out; what is shown is of before. */
  isWorking: Ref<boolean>
  /** Why there is none, in a sentence. */
  problem: Ref<string>
  /**
   * Works it out anew, instead of whatever is being worked out.
   * @param work gets the signal to pass on
   */
  ask: (work: (signal: AbortSignal) => Promise<Answer>) => Promise<void>
}

/**
 * A result of long work, with its rows; it ends with the page.
 * @param idOf the engine's number for it
 */
export function useResult<Answer extends { total: number }, Row>(
  idOf: (answer: Answer) => number,
  fetch: (result: number, offset: number, limit: number) => Promise<{ rows: Row[] }>,
): Result<Answer, Row> {
  const found: ShallowRef<Answer | null> = shallowRef(null)
  const problem = ref('')
  const isWorking = ref(false)
  const cursor = ref(0)
  const rows = new WindowedRows<Row>((offset, limit) => fetch(found.value ? idOf(found.value) : 0, offset, limit))
  let asking: AbortController | null = null

  async function ask(work: (signal: AbortSignal) => Promise<Answer>): Promise<void> {
    asking?.abort()
    const own = (asking = new AbortController())
    problem.value = ''
    isWorking.value = true
    try {
      const answer = await work(own.signal)
      // Asked for something else meanwhile, or gone: nobody is going to let go of this one later.
      if (own.signal.aborted) {
        close(answer)
        return
      }
      letGo()
      found.value = answer
      cursor.value = 0
      await rows.reset(answer.total)
    } catch (error) {
      // Whoever cancels it in the queue reads that here.
      if (!own.signal.aborted) problem.value = sentence(error)
    } finally {
      if (asking === own) isWorking.value = false
    }
  }

  function close(answer: Answer): void {
    call('result.close', { result: idOf(answer) }).catch(() => undefined)
  }

  function letGo(): void {
    if (found.value) close(found.value)
    found.value = null
  }

  onBeforeUnmount(() => {
    asking?.abort()
    letGo()
  })
  return { found, rows, cursor, isWorking, problem, ask }
}
