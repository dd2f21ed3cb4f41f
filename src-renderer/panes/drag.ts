import { shallowRef } from 'vue'
import type { PaneSide } from '../stores/panes'

/** The pane whose selection is being dragged, while it is. */
export const dragged = shallowRef<{ side: PaneSide } | null>(null)
