import { expect, it } from 'vitest'
import { engineEnvironment } from '../../../src-main/engine/process/engine-environment'

it('has few heaps that give back what is large, unless somebody chose otherwise', () => {
  const environment = engineEnvironment({ PATH: '/bin', MALLOC_ARENA_MAX: '8' })
  expect(environment).toMatchObject({ PATH: '/bin', MALLOC_ARENA_MAX: '8', MALLOC_MMAP_THRESHOLD_: '131072' })
  expect(engineEnvironment({}).MALLOC_ARENA_MAX).toBe('2')
})
