/** Disc images that a disk holds: as files, as files that were deleted, or as bytes that nothing leads to. */
export type { Find, FindState, Fragments } from './find'
export { saveFinds, saveFound, type FoundBytes, type SavedFind } from './save-finds'
export { searchMapPath } from './search-map-path'
export { Search, type SearchRequest } from './search'
