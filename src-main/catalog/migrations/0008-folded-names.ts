import type { Migration } from './migration'

/**
 * Names beyond ASCII are indexed as `fold_name` makes them: the tokenizer folds letter by letter, which finds neither
 * `ss` in `ß` nor a composed accent in one that was recorded apart.
 */
export const foldedNames: Migration = {
  version: 8,
  name: 'folded names',
  makes: [],
  up: `
    INSERT OR REPLACE INTO entry_name (rowid, name)
      SELECT entry.id, fold_name(entry.name) FROM view JOIN entry
        ON entry.id BETWEEN view.id * 268435456 + 1 AND view.id * 268435456 + 268435455
      WHERE view.is_searchable = 1 AND entry.name GLOB '*[^ -~]*';
  `,
}
