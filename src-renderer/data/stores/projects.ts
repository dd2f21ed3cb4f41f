import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { ProjectOutcome, ProjectSnapshot } from '../../../src-shared/contract'
import { call, on, onNewEngine } from '../api'

/** The images that are being put together, as the engine last told them. */
export const useProjects = defineStore('projects', () => {
  const byId = shallowReactive(new Map<string, ProjectSnapshot>())
  /** What each will be, as it was last planned: it may be of an earlier version. */
  const outcomes = shallowReactive(new Map<string, ProjectOutcome>())
  /** How many things are being put into each. */
  const filling = shallowReactive(new Map<string, number>())
  const planning = new Map<string, AbortController>()
  /** Those that this window has discarded: whoever did it need not be told. */
  const discardedHere = new Set<string>()

  function take(snapshot: ProjectSnapshot): ProjectSnapshot {
    const known = byId.get(snapshot.project)
    // Answers and news may overtake one another.
    if (known === undefined || known.version <= snapshot.version) byId.set(snapshot.project, snapshot)
    return snapshot
  }

  /** A project that is shown. @throws {RangeError} where nobody has loaded it */
  function known(project: string): ProjectSnapshot {
    const snapshot = byId.get(project)
    if (snapshot === undefined) throw new RangeError('The project is not there.')
    return snapshot
  }

  /** @throws {IsoldeError} where there is no such project, or what it begins with cannot be read */
  async function load(project: string): Promise<ProjectSnapshot> {
    return byId.get(project) ?? take((await call('project.get', { project })).snapshot)
  }

  /** Plans a project as it is now. Asked again before that is done, only the later plan counts. */
  async function plan(project: string): Promise<void> {
    planning.get(project)?.abort()
    const asking = new AbortController()
    planning.set(project, asking)
    const outcome = await call('project.outcome', { project }, { signal: asking.signal })
    if (planning.get(project) === asking) outcomes.set(project, outcome)
  }

  /** Says that a project is being filled for as long as that takes. */
  async function whileFilling<Answer>(project: string, work: () => Promise<Answer>): Promise<Answer> {
    filling.set(project, (filling.get(project) ?? 0) + 1)
    try {
      return await work()
    } finally {
      filling.set(project, (filling.get(project) ?? 1) - 1)
    }
  }

  function forget(project: string): void {
    byId.delete(project)
    outcomes.delete(project)
  }

  /** Forgets it for good. */
  async function discard(project: string): Promise<void> {
    discardedHere.add(project)
    await call('project.discard', { project })
    forget(project)
  }

  /** Looks at its sources again. */
  async function look(project: string): Promise<void> {
    take((await call('project.look', { project })).snapshot)
  }

  on('project.changed', take)
  on('project.discarded', ({ project }) => forget(project))
  onNewEngine(() => {
    byId.clear()
    outcomes.clear()
  })

  return {
    known,
    isFilling: (project: string) => (filling.get(project) ?? 0) > 0,
    whileFilling,
    get: (project: string) => byId.get(project),
    outcomeOf: (project: string) => outcomes.get(project),
    take,
    load,
    plan,
    look,
    discard,
    isDiscardedHere: (project: string) => discardedHere.has(project),
  }
})
