import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { call } from '../api'
import type { CommandOutput } from '../../../src-shared/contract'

/** Who answers: the engine's version, this computer's home folder and places. */
export const useEngine = defineStore('engine', () => {
  const hello = ref<CommandOutput<'engine.hello'> | null>(null)
  const places = ref<CommandOutput<'places.list'>['places']>([])

  async function greet(): Promise<CommandOutput<'engine.hello'>> {
    const answer = await call('engine.hello', {})
    hello.value = answer
    places.value = (await call('places.list', {})).places
    return answer
  }

  return {
    hello,
    places,
    homeFolder: computed(() => hello.value?.homeFolder ?? '/'),
    downloadsFolder: computed(
      () => places.value.find((place) => place.kind === 'downloads')?.path ?? hello.value?.homeFolder ?? '/',
    ),
    separator: computed(() => hello.value?.pathSeparator ?? '/'),
    greet,
  }
})
