import { computed, onScopeDispose, watch } from 'vue'
import { isCancelled } from '../../data/api'
import { report } from '../../data/errors'
import { useProjects } from '../../data/stores/projects'

/** Steps that follow one another at once are planned once. */
const PAUSE_MS = 250

/** What a project will be, planned anew whenever it is another; the earlier plan stands until the later is there. */
export function useOutcome(project: () => string) {
  const projects = useProjects()
  const snapshot = computed(() => projects.get(project()))
  const outcome = computed(() => projects.outcomeOf(project()))
  const isCurrent = computed(() => outcome.value !== undefined && outcome.value.version === snapshot.value?.version)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    () => [project(), snapshot.value?.version] as const,
    ([id, version], before) => {
      clearTimeout(timer)
      if (version === undefined || isCurrent.value) return
      const plan = (): void =>
        void projects.plan(id).catch((error: unknown) => {
          if (!isCancelled(error)) report(error)
        })
      // The first is wanted at once.
      if (before?.[1] === undefined) plan()
      else timer = setTimeout(plan, PAUSE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { snapshot, outcome, isCurrent }
}
