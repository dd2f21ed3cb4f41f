import { t } from '../../base/locales'
import { useEngine } from '../stores/engine'
import { useProjects } from '../stores/projects'
import type { EntryKind } from '../../../src-shared/model'
import { imageName, lastPart, type PaneAddress } from './address'
import { extensionOf, fileKindOf } from '../../base/file-kinds/kinds'

/** What a folder of this computer is called: the home folder has a word of its own. */
export function folderName(path: string): string {
  return path === useEngine().homeFolder ? t('path.home') : lastPart(path)
}

/** A path as it is said in sentences: below the home folder it begins with `~`. */
export function shortPath(path: string): string {
  const { homeFolder, separator } = useEngine()
  return path.startsWith(homeFolder + separator) ? `~${path.slice(homeFolder.length)}` : path
}

/** What the file of a project will be called. */
export function projectName(project: string): string {
  const name = useProjects().get(project)?.name
  return name === undefined ? t('project.unnamed') : `${name}.iso`
}

/** What an address is called in tabs, titles and sentences. */
export function nameOf(address: PaneAddress): string {
  switch (address.kind) {
    case 'start':
      return t(address.isGuide ? 'guide.tab' : 'start.tab')
    case 'folder':
      return folderName(address.path)
    case 'image':
      return imageName(address.location)
    case 'project':
      return projectName(address.project)
    case 'search':
      return address.filter.text === '' ? t('search.title') : t('search.tab', { text: address.filter.text })
    case 'page':
      return t(`${address.page}.title`)
  }
}

/** What kind of thing a row is, in words. */
export function kindName(row: { name: string; kind: EntryKind; byteLength?: number }): string {
  const kind = fileKindOf(row)
  const extension = extensionOf(row.name).toUpperCase()
  return kind === 'file' && extension === '' ? t('kind.plain') : t(`kind.${kind}`, { extension })
}
