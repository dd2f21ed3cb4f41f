import type { Migration } from './migration'

/**
 * Names by their trigrams, with Unicode case folding (SQLite's LIKE folds ASCII only). `detail=none` keeps which names
 * hold a trigram, not where: a third of the size, and the names themselves settle the rest. Only the default view of
 * each image is searched; the others mostly say the same again.
 */
export const search: Migration = {
  version: 3,
  name: 'search',
  makes: ['entry_name', 'entry_name_data', 'entry_name_idx', 'entry_name_docsize', 'entry_name_config'],
  up: `
    CREATE VIRTUAL TABLE entry_name USING fts5 (
      name, content='', contentless_delete=1, detail=none, tokenize='trigram'
    );
    ALTER TABLE view ADD COLUMN is_searchable INTEGER NOT NULL DEFAULT 0;
    -- What was indexed before is made searchable here, the view that was written first being the default one.
    UPDATE view SET is_searchable = 1 WHERE is_complete = 1
      AND id = (SELECT min(other.id) FROM view AS other WHERE other.image_id = view.image_id AND other.generation = view.generation);
    INSERT INTO entry_name (rowid, name)
      SELECT entry.id, entry.name FROM view JOIN entry
        ON entry.id BETWEEN view.id * 268435456 + 1 AND view.id * 268435456 + 268435455
      WHERE view.is_searchable = 1;
  `,
}
