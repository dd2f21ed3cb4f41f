import { nextTick } from 'vue'
import { archiveAddress, call, contentAddress, desktop } from '../data/api'
import { toErrorShape, type FolderRow, type ImageLocation } from '../../src-shared/contract'
import { t } from '../base/locales'
import {
  entryPath,
  isListed,
  lastPart,
  shallow,
  parentAddress,
  type ImageAddress,
  type PaneAddress,
} from '../data/rows/address'
import { fileKindOf } from '../base/file-kinds/kinds'
import { folderName } from '../data/rows/names'
import type { PaneRow } from '../data/rows/row-source'
import { isComputerPath, readImagePath, readTypedPath } from '../data/rows/typed-path'
import { useDialogs } from '../data/stores/dialogs'
import { useEngine } from '../data/stores/engine'
import { useImages } from '../data/stores/images'
import { useLayout } from '../data/stores/layout'
import { usePanes, type Pane, type Tab } from '../data/stores/panes'
import { useSettings } from '../data/stores/settings'
import { showHit } from '../data/rows/hits'
import { registerUpload } from '../data/uploads'
import { reportErrors, report, worded } from '../data/errors'
import { entriesAtCursor } from './meant'
import { openImageOf, pathsOf } from './transfer'

/** Opens the row under the cursor: folders and images in place, files with what shows them. */
export async function openCursorRow(tab: Tab): Promise<void> {
  const row = await tab.listing.fetchRow(tab.listing.state.cursor)
  if (row) await openRow(tab, row)
}

export async function openRow(tab: Tab, row: PaneRow): Promise<void> {
  const panes = usePanes()
  // Until the rows of where one goes are there, those that can be clicked are of where one was.
  const address = tab.shown
  if (row.hit) return showHit(row.hit)
  if (address.kind === 'folder' && typeof row.key === 'string') {
    if (row.kind === 'directory' || (row.kind === 'symlink' && !row.looksLikeImage)) {
      await panes.go(tab, { kind: 'folder', path: row.key })
    } else if (row.looksLikeImage || (await isImageWithin(row, { kind: 'path', path: row.key, inside: [] }))) {
      await showImage(tab, imageAddress({ kind: 'path', path: row.key, inside: [] }))
    } else report(worded('UNSUPPORTED_HERE', t('error.openOnlyImages', { name: lastPart(row.key) })))
    return
  }
  if (address.kind === 'project') {
    if (row.kind === 'directory') await panes.go(tab, { ...address, path: entryPath(address, row) })
    else report(worded('UNSUPPORTED_HERE', t('project.notWritten')))
    return
  }
  if (address.kind !== 'image') return
  const path = entryPath(address, row)
  if (row.kind === 'directory') await panes.go(tab, { ...shallow(address), path })
  else if (row.kind === 'symlink') await followLink(tab, { ...address, path: row.folder ?? address.path }, row.target)
  else {
    const inside = [...address.location.inside, { view: tab.view ?? undefined, path }]
    const location = { ...address.location, inside }
    if (isSurelyImage(row) || (await isImageWithin(row, location))) await panes.go(tab, imageAddress(location))
    else await showFileOf(tab, row)
  }
}

/** What an image holds and is none itself: with the program that the system has for it, or as a preview. */
async function showFileOf(tab: Tab, row: PaneRow): Promise<void> {
  if (desktop) await openWithProgram(tab, row)
  else useLayout().showPreview()
}

/** Ctrl+Enter: what is under the cursor, in the other pane. */
export async function openInOtherPane(tab: Tab, other: Tab): Promise<void> {
  const row = await tab.listing.fetchRow(tab.listing.state.cursor)
  const { address } = tab
  if (!row || row.hit) return
  const isFolder = row.kind === 'directory'
  if (address.kind === 'folder' && typeof row.key === 'string' && (isFolder || row.looksLikeImage)) {
    const target: PaneAddress = isFolder
      ? { kind: 'folder', path: row.key }
      : imageAddress({ kind: 'path', path: row.key, inside: [] })
    await usePanes().go(other, target)
    return
  }
  if (address.kind === 'project' && isFolder) {
    await usePanes().go(other, { ...address, path: entryPath(address, row) })
    return
  }
  if (address.kind !== 'image' || !(isFolder || row.looksLikeImage)) return
  const path = entryPath(address, row)
  const inside = [...address.location.inside, { view: tab.view ?? undefined, path }]
  await usePanes().go(other, isFolder ? { ...shallow(address), path } : imageAddress({ ...address.location, inside }))
}

/** Names that many other things have as well: looked into before the pane makes room for what they may hold. */
const AMBIGUOUS = /\.(?:bin|img|raw|dat|rom)$/i
/** A file system fits into no less. */
const SMALLEST_IMAGE = 16 << 10

function isSurelyImage({ name, looksLikeImage }: PaneRow): boolean {
  return looksLikeImage && !AMBIGUOUS.test(name)
}

/** Whether a file whose name does not tell holds something that opens like a folder: a look into it says. */
async function isImageWithin(row: PaneRow, location: ImageLocation): Promise<boolean> {
  if (row.kind !== 'file' || row.byteLength < SMALLEST_IMAGE) return false
  if (!row.looksLikeImage && fileKindOf(row) !== 'file') return false
  try {
    await useImages().open(location)
    return true
  } catch {
    return false
  }
}

/** An image opens beside its folder where the other pane still waits for one; else in the folder's place. */
async function showImage(tab: Tab, address: ImageAddress): Promise<void> {
  const panes = usePanes()
  const { other } = panes
  const waiting = panes.currentTab(other)
  if (tab.id !== panes.activeTab.id || waiting.address.kind !== 'start') return panes.go(tab, address)
  panes.activeSide = other.side
  const focused = document.activeElement
  await panes.go(waiting, address)
  await nextTick()
  // An image may take its time: whoever has turned to something else meanwhile is not called back.
  const now = document.activeElement
  if (panes.activeSide !== other.side || (now !== focused && now !== document.body)) return
  document.querySelector<HTMLElement>(`[data-pane="${other.side}"] [data-rows]`)?.focus()
}

async function followLink(tab: Tab, from: ImageAddress, target: string | null): Promise<void> {
  const { address } = tab
  if (target === null) return
  const parts = target.startsWith('/') ? [] : from.path.split('/').filter(Boolean)
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  await reportErrors(async () => {
    const path = parts.join('/')
    const details = path === '' ? null : await call('entry.resolve', { ...openImageOf(tab), path })
    if (tab.address !== address) return
    const isFolder = details === null || details.kind === 'directory'
    const to = isFolder ? path : parts.slice(0, -1).join('/')
    await usePanes().go(tab, { ...shallow(from), path: to }, isFolder ? undefined : parts.at(-1))
  })
}

async function openWithProgram(tab: Tab, row: PaneRow): Promise<void> {
  await reportErrors(async () => {
    const entry = row.key
    if (!desktop || typeof entry !== 'number') return
    const { paths, isExecutable } = await call('entry.stage', { ...openImageOf(tab), entries: [entry] })
    const [path] = paths
    if (path === undefined) return
    if (isExecutable && useSettings().current.askBeforeOpeningPrograms) {
      const request = {
        title: t('confirm.runTitle', { name: row.name }),
        text: t('confirm.runText'),
        confirm: t('confirm.run'),
        isDangerous: true,
      }
      if (!(await useDialogs().confirm(request))) return
    }
    const problem = await desktop.openWithProgram(path)
    if (problem) throw worded('UNSUPPORTED_HERE', problem)
  })
}

/** Where the program writes about itself: in the system's file manager, or in the pane. */
export async function showLog(): Promise<void> {
  const { hello } = useEngine()
  if (hello === null) return
  await reportErrors(async () => {
    if (desktop) await desktop.reveal(hello.logFile)
    else await showFile(hello.logFile)
  })
}

async function showFile(path: string): Promise<void> {
  const panes = usePanes()
  const parent = parentAddress({ kind: 'folder', path })
  if (parent !== null) await panes.go(panes.activeTab, parent.address, parent.from)
}

export function imageAddress(location: ImageLocation): ImageAddress {
  return { kind: 'image', location, view: null, path: '' }
}

/** Opens whatever a path of this computer is: a folder, or an image. */
export async function openPath(path: string, pane?: Pane): Promise<void> {
  const panes = usePanes()
  await reportErrors(async () => {
    const facts = await call('folder.stat', { path })
    const address = addressOf({ kind: facts.kind, path })
    const tab = panes.currentTab(pane ?? panes.active)
    if (address.kind === 'image') await panes.openImage(address, pane)
    else await panes.go(tab, address)
  })
}

/** Where a path that was typed in a tab leads: inside the image that it shows, or on this computer. */
export async function typedAddress(tab: Tab, typed: string): Promise<PaneAddress> {
  const { address } = tab
  const { homeFolder, separator } = useEngine()
  const path = readTypedPath(typed, {
    homeFolder,
    separator,
    folder: address.kind === 'folder' ? address.path : homeFolder,
  })
  if (address.kind === 'project' && !isComputerPath(typed))
    return { ...address, path: readImagePath(typed, address.path) }
  if (address.kind === 'image' && !isComputerPath(typed)) {
    const inside = { ...address, path: readImagePath(typed, address.path) }
    if (await mayHave(tab, inside.path)) return inside
    // Only where the image is known not to have it can the computer be meant.
    const onComputer = typed.startsWith('/') ? await call('folder.stat', { path }).catch(() => null) : null
    if (onComputer) return addressOf(onComputer)
    throw worded('BAD_REQUEST', t('error.noSuchPath', { path: inside.path }))
  }
  // Nobody said that it was ever there: it may be mistyped.
  const there = await call('folder.stat', { path }).catch((error: unknown) => {
    throw toErrorShape(error).code === 'NO_SUCH_FILE' ? worded('BAD_REQUEST', t('error.noSuchPath', { path })) : error
  })
  return addressOf(there)
}

const addressOf = ({ kind, path }: Pick<FolderRow, 'kind' | 'path'>): PaneAddress =>
  kind === 'directory' ? { kind: 'folder', path } : imageAddress({ kind: 'path', path, inside: [] })

/** Whether a path is in the image that a tab shows, or may come yet because that is still being read. */
async function mayHave(tab: Tab, path: string): Promise<boolean> {
  const { address, view } = tab
  const opened = address.kind === 'image' ? useImages().get(address.location) : null
  // Nothing is known of an image that is not open yet.
  if (!opened || view === null) return true
  if (opened.info.views.find(({ id }) => id === view)?.entryCount === null) return true
  const { image, generation } = opened
  const found = path === '' || (await call('entry.resolve', { image, generation, view, path }).catch(() => null))
  return Boolean(found)
}

/** Opens files that were dropped on the window or picked in a browser. */
export async function openFiles(files: Iterable<File>, pane?: Pane): Promise<void> {
  for (const file of files) {
    const path = desktop?.pathForFile(file) ?? ''
    if (path) await openPath(path, pane)
    else if (!desktop) await usePanes().openImage(imageAddress(registerUpload(file)), pane)
  }
}

/** Ctrl+O: the system's dialog on a desktop, a dialog of our own in a browser. */
export async function openImages(): Promise<void> {
  if (!desktop) {
    useDialogs().show({ kind: 'open' })
    return
  }
  for (const path of (await reportErrors(() => desktop?.pickImages() ?? Promise.resolve([]))) ?? [])
    await openPath(path)
}

export async function goUp(tab: Tab): Promise<void> {
  const parent = parentAddress(tab.address)
  if (parent) await usePanes().go(tab, parent.address, parent.from)
}

/** F7. */
export function createFolder(tab: Tab): void {
  const { address } = tab
  if (address.kind !== 'folder') {
    report(worded('UNSUPPORTED_HERE', t('error.imageIsReadOnly')))
    return
  }
  useDialogs().show({
    kind: 'text',
    request: {
      title: t('newFolder.title', { folder: folderName(address.path) }),
      label: t('newFolder.label'),
      confirm: t('newFolder.confirm'),
      value: t('newFolder.value'),
      async submit(name) {
        await call('folder.create', { path: address.path, name })
        if (tab.address === address) await usePanes().load(tab, name)
      },
    },
  })
}

/** F2. */
export function renameRow(tab: Tab): void {
  const row = tab.listing.row(tab.listing.state.cursor)
  if (tab.address.kind !== 'folder' || !row || typeof row.key !== 'string') {
    report(worded('UNSUPPORTED_HERE', t('error.imageIsReadOnly')))
    return
  }
  const path = row.key
  const { address } = tab
  useDialogs().show({
    kind: 'text',
    request: {
      title: t('rename.title', { name: row.name }),
      label: t('rename.label'),
      confirm: t('rename.confirm'),
      value: row.name,
      isFileName: true,
      async submit(name) {
        await call('folder.rename', { path, name })
        if (tab.address === address) await usePanes().load(tab, name)
      },
    },
  })
}

/** Selects or deselects by a mask that is asked for. */
export function askForMask(tab: Tab, isSelecting: boolean): void {
  useDialogs().show({
    kind: 'text',
    request: {
      title: t(isSelecting ? 'mask.select' : 'mask.deselect'),
      label: t('mask.label'),
      confirm: t(isSelecting ? 'mask.confirmSelect' : 'mask.confirmDeselect'),
      value: '*',
      submit: (mask) => tab.listing.selection.mask(mask, isSelecting),
    },
  })
}

/** What the system's file manager can show of a tab: the row under the cursor, or the image itself. */
export function pathToReveal({ address, listing }: Tab): string | null {
  if (address.kind === 'folder') {
    const key = listing.row(listing.state.cursor)?.key
    return typeof key === 'string' ? key : address.path
  }
  return address.kind === 'image' && address.location.kind === 'path' ? address.location.path : null
}

export async function revealRow(tab: Tab): Promise<void> {
  const path = pathToReveal(tab)
  if (path !== null) await reportErrors(async () => desktop?.reveal(path))
}

/** Entries that one address can name. */
const NAMED_AT_MOST = 800

/** Sends the selection, or the row under the cursor, to the browser's downloads: one file as it is, else a ZIP. */
export function downloadRows(tab: Tab): void {
  const { address, listing } = tab
  if (address.kind !== 'image') return
  const row = listing.row(listing.state.cursor)
  const meant = entriesAtCursor(tab)
  if (!meant) return
  const isMany = meant.count > NAMED_AT_MOST
  // What a filter hides is not in a folder as a whole.
  if (isMany && (meant.count < listing.state.total || tab.filter !== ''))
    throw worded('BAD_REQUEST', t('error.tooManyToDownload'))
  const image = openImageOf(tab)
  const entries = isMany ? [] : listing.selection.keys.size > 0 ? [...listing.selection.keys.numbers] : [row?.key]
  const only = meant.count === 1 ? entries[0] : undefined
  const isOne = typeof only === 'number' && row?.key === only
  if (isOne && row.kind === 'file') {
    download(`${contentAddress({ ...image, entry: only }, row.name)}?download`, row.name)
    return
  }
  const name = isOne ? row.name : lastPart(address.path) || lastPart(address.location.path)
  // Everything is shorter to say than each of it.
  const named = isMany ? [tab.directory] : entries.filter((entry) => typeof entry === 'number')
  download(archiveAddress(image, named, name), `${name}.zip`)
}

function download(address: string, name: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
}

/** The paths that stand for a selection, as text for the clipboard. */
export async function copyPaths(tab: Tab): Promise<void> {
  await reportErrors(async () => {
    const { address, listing } = tab
    const row = listing.row(listing.state.cursor)
    if (!row || !isListed(address)) return
    const text =
      address.kind === 'folder'
        ? pathsOf(tab).join('\n')
        : (row.hit?.path ??
          (address.kind === 'image' || address.kind === 'project' ? entryPath(address, row) : row.name))
    await navigator.clipboard.writeText(text)
  })
}
