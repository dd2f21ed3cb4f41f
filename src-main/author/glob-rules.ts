import picomatch from 'picomatch'
import { AuthorError } from './author-error'

/** What of a tree a glob means. */
export interface GlobRule {
  glob: string
  /** Whether anything has matched it so far. */
  isUsed: boolean
  /** @param isFolder asked only where the glob means folders alone */
  matches(name: string, path: string, isFolder: () => boolean): boolean
}

/**
 * Globs as people write them: one without a slash is matched against names, others against paths from the root, where a
 * leading slash stands for it; a slash at the end means folders alone.
 * @throws {AuthorError} `BAD_REQUEST` where one is empty
 */
export function globRules(globs: readonly string[]): GlobRule[] {
  return globs.map((glob) => {
    const [, root = '', bare = '', end = ''] = /^(\/*)(.*?)(\/*)$/s.exec(glob) ?? []
    if (bare === '') throw new AuthorError('BAD_REQUEST', `“${glob}” is no pattern. Write one such as *.tmp.`)
    const isName = root === '' && !bare.includes('/')
    const fits = picomatch(bare, { dot: true })
    const rule: GlobRule = {
      glob,
      isUsed: false,
      matches(name, path, isFolder) {
        const isMatch = fits(isName ? name : path) && (end === '' || isFolder())
        rule.isUsed ||= isMatch
        return isMatch
      },
    }
    return rule
  })
}

/** Whether any of the rules matches; all are asked, so that each knows whether it is of use. */
export function anyMatches(rules: readonly GlobRule[], name: string, path: string, isFolder: () => boolean): boolean {
  return rules.filter((rule) => rule.matches(name, path, isFolder)).length > 0
}

/** Those that nothing has matched. */
export function unusedGlobs(rules: readonly GlobRule[]): string[] {
  return rules.filter(({ isUsed }) => !isUsed).map(({ glob }) => glob)
}
