import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { on } from './api'

/** Long work that a command does for this window. What takes longest of it, hashing, is in the queue besides. */
export interface Task {
  id: string
  title: string
  stop(): void
}

/** What the window waits for without being held up by it. */
export const useTasks = defineStore('tasks', () => {
  const tasks = shallowReactive(new Map<string, Task>())

  on('engine.restarted', () => {
    tasks.clear()
  })

  /** Shows work while it goes on. @param work gets the signal to pass on */
  async function run<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const id = crypto.randomUUID()
    const abort = new AbortController()
    tasks.set(id, {
      id,
      title,
      stop: () => {
        abort.abort()
      },
    })
    try {
      return await work(abort.signal)
    } finally {
      tasks.delete(id)
    }
  }

  return { tasks, run }
})
