import type { ConflictAnswer, ConflictPolicy, ConflictQuestion } from '../../../../src-shared/model'

/** FAT keeps times in steps of two seconds. */
const SAME_TIME_MS = 2000

type Ask = (question: ConflictQuestion) => Promise<ConflictAnswer>
type Decide = (question: ConflictQuestion) => Promise<{ choice: ConflictAnswer['choice'] | 'fail'; forAll: boolean }>

/**
 * The conflict policy of an extraction whose process ended over it. It may have ended after the last rename: what then
 * stands at the destination under its length and time is the extraction's own, and is written again without a question
 * to anybody, who may not be there. Everything else goes by the policy that was asked for.
 */
export function askTakenOver(policy: ConflictPolicy, ask: Ask): { conflicts: 'ask'; ask: Decide } {
  let settled: ConflictAnswer['choice'] | null = null
  return {
    conflicts: 'ask',
    async ask(question) {
      if (isOwn(question)) return { choice: 'overwrite', forAll: false }
      if (settled) return { choice: settled, forAll: false }
      if (policy !== 'ask') return { choice: policy, forAll: false }
      const answer = await ask(question)
      if (answer.forAll) settled = answer.choice
      return { ...answer, forAll: false }
    },
  }
}

function isOwn({ incoming, existing }: ConflictQuestion): boolean {
  return (
    (incoming.kind === 'file' || incoming.kind === 'symlink') &&
    existing.kind === incoming.kind &&
    incoming.byteLength === existing.byteLength &&
    (incoming.modified === null ||
      (existing.modified !== null && Math.abs(incoming.modified - existing.modified) <= SAME_TIME_MS))
  )
}
