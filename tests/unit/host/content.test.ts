import { expect, test } from 'vitest'
import { answerArchive } from '../../../src-main/host/content'
import type { EngineClient } from '../../../src-main/host/engine-client'
import { IsoldeError, type ErrorCode } from '../../../src-shared/contract'

/** An engine that knows the entries 1 and 2, and says of any other what it is told to. */
function engineSaying(code: ErrorCode): EngineClient {
  return {
    call: (_name: string, input: unknown) => {
      const { entry } = input as { entry: number }
      return entry === 1 || entry === 2
        ? Promise.resolve({} as never)
        : Promise.reject(new IsoldeError(code, 'The image has changed since this was shown.'))
    },
    close: () => undefined,
  }
}

const answer = (path: string, code: ErrorCode = 'ENTRY_GONE') =>
  answerArchive(engineSaying(code), new URL(path, 'http://127.0.0.1'), new AbortController().signal)

test('an archive of what is there is sent', async () => {
  expect(await answer('/archive/1/1/udf/1,2/all.zip')).toMatchObject({
    status: 200,
    headers: { 'Content-Type': 'application/zip' },
  })
})

test.each([
  ['ENTRY_GONE', 404],
  ['IMAGE_CLOSED', 404],
  ['NO_SUCH_VIEW', 404],
  ['ENGINE_GONE', 503],
] as const)('a stale archive address is refused before anything is sent: %s', async (code, status) => {
  expect(await answer('/archive/1/1/udf/1,3/all.zip', code)).toMatchObject({
    status,
    body: 'The image has changed since this was shown.\n',
  })
})

test.each(['/archive/1/1/udf/1/%.zip', '/archive/1/1/%ff/1/x.zip', '/archive/x', '/archive/1/1/udf/-1/x.zip'])(
  'there is nothing at %s',
  async (path) => {
    expect((await answer(path)).status).toBe(404)
  },
)
