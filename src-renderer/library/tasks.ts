import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { on } from '../api'
import type { EventPayload } from '../../src-shared/contract'

type Progress = EventPayload<'task.progress'>

/** Long work that a command does for this window: hashing, comparing. */
export interface Task {
  id: string
  title: string
  progress: Progress | null
  stop(): void
}

/** What the window waits for without being held up by it. */
export const useTasks = defineStore('tasks', () => {
  const tasks = shallowReactive(new Map<string, Task>())

  on('task.progress', (progress) => {
    const task = tasks.get(progress.task)
    if (task) tasks.set(task.id, { ...task, progress })
  })
  on('engine.restarted', () => {
    tasks.clear()
  })

  /** Shows work while it goes on. @param work gets the name to give the command, and the signal to pass on */
  async function run<T>(title: string, work: (task: string, signal: AbortSignal) => Promise<T>): Promise<T> {
    const id = crypto.randomUUID()
    const abort = new AbortController()
    tasks.set(id, {
      id,
      title,
      progress: null,
      stop: () => {
        abort.abort()
      },
    })
    try {
      return await work(id, abort.signal)
    } finally {
      tasks.delete(id)
    }
  }

  return { tasks, run }
})
