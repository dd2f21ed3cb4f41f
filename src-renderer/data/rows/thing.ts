import type { ImageLocation } from '../../../src-shared/contract'
import type { Tab } from '../stores/tabs'
import type { PaneRow } from './row-source'

/** An entry of an open image, as commands name it. */
export interface EntryRef {
  image: number
  generation: number
  view: string
  entry: number
}

/** One thing that a person looks at: a file or folder of this computer, an entry of an image, or an image. */
export type Thing =
  | { kind: 'path'; path: string; row: PaneRow }
  | { kind: 'entry'; ref: EntryRef; path: string; row: PaneRow }
  | { kind: 'image'; location: ImageLocation }

/** What is meant where something is looked at: the row under the cursor, several rows, or the image itself. */
export type Subject = { kind: 'one'; thing: Thing } | { kind: 'several'; tab: Tab; count: number }
