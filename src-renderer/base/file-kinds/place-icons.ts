import { FolderOpen, HardDrive, House } from '@lucide/vue'
import type { Component } from 'vue'
import type { Place } from '../../../src-shared/contract'

/** What stands for a place that people start from. */
export const PLACE_ICONS: Record<Place['kind'], Component> = {
  home: House,
  desktop: FolderOpen,
  downloads: FolderOpen,
  documents: FolderOpen,
  drive: HardDrive,
  root: HardDrive,
}
