import type { EntryTable } from '../../core/entry-table'
import type { PathIndex } from '../path-index'
import type { SumList } from '../sum-lines'
import { readDebianRepositories } from './debian'
import { readRpmRepositories } from './rpm'

/**
 * The sums that repositories of packages in a view have of their own lists and of the packages: of what the view has.
 * A repository may name what lies on another disc, so that nothing is missing where a file is not there.
 */
export async function readRepositories(table: EntryTable, paths: PathIndex): Promise<SumList[]> {
  return [...(await readDebianRepositories(table, paths)), ...(await readRpmRepositories(table, paths))]
}
