export { AuthorError } from './author-error'
export { makeNode, nodeAt, walk, type AuthorContent, type AuthorNode } from './author-tree'
export { collect, type CollectOptions, type Collected, type LeftOut, type SourceRequest } from './collect'
export { PRESETS, type AuthorOptions } from './options'
export { planImage, type Plan } from './plan'
export { writePlan, type WrittenImage } from './write-image'
export type { NameChange } from './names'
export type { TextChange } from './iso9660/volume-texts'
export { MBR_BYTES, mbrCodeOf } from './boot/hybrid'
export { changeTree, type Change } from './edit/change-tree'
export {
  emptyProject,
  makeFolder,
  markOf,
  moveInto,
  ofAuthor,
  projectNodeAt,
  putInto,
  remove,
  rename,
  type ProjectMark,
  type ProjectNode,
} from './edit/project-tree'
export { assertWhole, planProject, readProjectBase, type ProjectBase, type ProjectPlan } from './edit/project-plan'
export { freeNameBeside, replaceOriginal, whyNotReplaceable } from './edit/replace-original'
export { followBoots } from './edit/follow-boots'
export { leftBehind } from './edit/left-behind'
export { optionsOfImage, type ImageOptions } from './edit/image-options'
export { saidOfChange, sourceChanges, type SourceChange } from './edit/source-changes'
export { withMore, type MoreOptions } from './edit/more-options'
export { makeModesPlain } from './modes'
export { copyFates, SESSION_OPTIONS, sessionFates } from './edit/copy-fates'
export { bootsNotConverted, notConverted } from './convert/not-converted'
export { filmPlacesOf, type FilmPlaces } from './edit/film-places'
export type { Fates } from './edit/fates'
export { damagedFiles, readImageTree, type ImageTree } from './edit/image-tree'
export { renewLists, type KnownList } from './edit/renew-lists'
export { assertFits } from './media'
export { ModeOneSectors } from './convert/raw-sectors'
export { esdDisc, type EsdDisc } from './convert/esd'
export { appendBase } from './edit/append-base'
export type { AppendBase } from './append'
export { assertZisofsOptions, packFiles, type PackedFiles } from './zisofs'
